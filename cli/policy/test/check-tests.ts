import { ModelError, type Problem } from '#base'
import type { PolicyTestActor } from '#policies'
import { didYouMeanHint, type Entity, isReadOnly, type Model, toOnesOf, verbsOf } from '#schema'
import { settableNames, whyNotSettable } from '../ask/settable.ts'
import { type Asked, readQuestion, thirdPerson } from './question.ts'
import { invalid, placeOf, type WrittenTest } from './test-files.ts'

/** An expectation that names what is there. */
export interface Expectation {
  readonly written: WrittenTest
  readonly words: string
  readonly expected: boolean
  readonly asked: Asked
  readonly entity: Entity
  /** As the model calls it. */
  readonly verb: string
}

/**
 * The expectations of all tests.
 *
 * @throws ModelError POLICY_TEST_INVALID naming each word that says nothing, with what was probably meant
 */
export function checkTests(tests: readonly WrittenTest[], model: Model): readonly Expectation[] {
  const problems: Problem[] = []
  const expectations = tests.flatMap((written) => {
    problems.push(...problemsOfRows(written, model))
    return Object.entries(written.test.expect ?? {}).flatMap(([words, expected]) => {
      const found = checkExpectation({ written, words, expected: expected === true }, model)
      if (!('message' in found)) return [found]
      problems.push(invalid(found.message, placeOf(written, words), found.hint))
      return []
    })
  })
  if (problems.length > 0) throw new ModelError(problems)
  return expectations
}

interface Fault {
  readonly message: string
  readonly hint: string | null
}

function fault(message: string, given: string, known: readonly string[]): Fault {
  return { message, hint: didYouMeanHint(given, known) }
}

function checkExpectation(
  given: Pick<Expectation, 'written' | 'words' | 'expected'>,
  model: Model,
): Expectation | Fault {
  const asked = readQuestion(given.words)
  if (asked === null)
    return {
      message: `"${given.words}" asks nothing.`,
      hint: 'Write who, what and which row: "ann reads o1", "ann updates o1 { notes: \'hi\' }".',
    }
  const { actors, rows } = given.written.test
  if (!Object.hasOwn(actors, asked.actor))
    return fault(`There is no actor "${asked.actor}".`, asked.actor, Object.keys(actors))
  const makes = /^creates?$/.test(asked.verb)
  const names = makes ? model.entities.map(({ name }) => name) : rowNames(given.written, model)
  if (!names.includes(asked.subject))
    return fault(`There is no ${makes ? 'entity' : 'row'} "${asked.subject}".`, asked.subject, names)
  const entityName = makes ? asked.subject : (Object.keys(rows[asked.subject] ?? {})[0] ?? model.actor!.entity)
  const entity = model.entities.find(({ name }) => name === entityName)!
  const verbs = verbsOf(entity)
  const verb = verbs.find((each) => each === asked.verb || thirdPerson(each) === asked.verb)
  if (verb === undefined)
    return fault(`"${entity.name}" has no verb "${asked.verb}".`, asked.verb, verbs.map(thirdPerson))
  if (!makes && entity.key.length > 1)
    return {
      message: `"${asked.subject}" cannot be asked about: the key of "${entity.name}" has several columns (${entity.key.join(', ')}).`,
      hint: 'Ask about a row with a key of one column.',
    }
  return faultOfNames({ ...given, asked, entity, verb }, model) ?? { ...given, asked, entity, verb }
}

/** A field that is read, and values that are given. */
function faultOfNames({ asked, entity, verb, written }: Expectation, model: Model): Fault | null {
  const { field, values } = asked
  const known = namesOfRow(entity)
  if (field !== null && !known.includes(field)) return fault(`"${entity.name}" has no "${field}".`, field, known)
  if (Object.keys(values).length > 0 && verb !== 'create' && verb !== 'update')
    return { message: `To ${verb} a row nothing is given.`, hint: 'Leave the braces out.' }
  const settable = settableNames(entity, verb)
  for (const [name, value] of Object.entries(values)) {
    const why = whyNotSettable(name, entity, verb)
    if (why !== null)
      return {
        message: `Nobody sets "${name}" of "${entity.name}": ${why}.`,
        hint: `Given can be ${listed(settable)}.`,
      }
    if (!settable.includes(name)) return fault(`"${entity.name}" has no "${name}".`, name, settable)
    const wrong = 'row' in value ? faultOfTarget({ name: value.row, field: name, entity }, { written, model }) : null
    if (wrong !== null) return wrong
  }
  return null
}

interface Target {
  /** Name of a row, as the test says it. */
  readonly name: string
  /** The relation that should lead to it. */
  readonly field: string
  readonly entity: Entity
}

/** A relation leads to a row that is there, and of the entity that it is to. */
function faultOfTarget({ name, field, entity }: Target, at: { written: WrittenTest; model: Model }): Fault | null {
  const names = rowNames(at.written, at.model)
  if (!names.includes(name)) return fault(`There is no row "${name}".`, name, names)
  const wanted = targetsOf(entity, field)
  const found = Object.keys(rowsOf(at.written)[name] ?? {})[0] ?? at.model.actor!.entity
  if (wanted.length === 0 || wanted.includes(found)) return null
  const fitting = names.filter((each) =>
    wanted.includes(Object.keys(rowsOf(at.written)[each] ?? {})[0] ?? at.model.actor!.entity),
  )
  return {
    message: `"${name}" is a row of "${found}", and "${field}" leads to "${wanted.join('" or "')}".`,
    hint: fitting.length === 0 ? null : `Such rows are ${fitting.join(', ')}.`,
  }
}

function targetsOf(entity: Entity, field: string): readonly string[] {
  const group = entity.relations.find((each) => each.name === field && each.kind === 'oneOf')
  if (group?.kind === 'oneOf') return group.targets.map(({ to }) => to)
  return toOnesOf(entity).flatMap(({ name, to }) => (name === field ? [to] : []))
}

/** Nothing has checked the types of the file. */
function rowsOf({ test }: WrittenTest): WrittenTest['test']['rows'] {
  return (test as Partial<WrittenTest['test']>).rows ?? {}
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}

/** Rows by name, and the people of the actors. */
function rowNames({ test }: WrittenTest, model: Model): readonly string[] {
  return [...Object.keys(test.rows ?? {}), ...(model.actor === null ? [] : Object.keys(test.actors ?? {}))]
}

function namesOfRow(entity: Entity): readonly string[] {
  return [...entity.fields, ...entity.relations, ...entity.computed].map(({ name }) => name)
}

function problemsOfRows(written: WrittenTest, model: Model): readonly Problem[] {
  // Nothing has checked the types of the file.
  const { actors = {}, rows = {} } = written.test as Partial<WrittenTest['test']>
  const entities = model.entities.map(({ name }) => name)
  const ofRows = Object.entries(rows).flatMap(([name, row]) => {
    const [entityName = '', ...more] = Object.keys(row)
    const entity = model.entities.find((each) => each.name === entityName)
    if (entity === undefined || more.length > 0)
      return [
        at(written, entityName || name, `"${name}" is no row of one entity.`, didYouMeanHint(entityName, entities)),
      ]
    if (isReadOnly(entity))
      return [
        at(
          written,
          entityName,
          `Rows of "${entityName}" follow from a select: no test writes them.`,
          'Ask about the rows below them.',
        ),
      ]
    const known = namesOfRow(entity)
    return Object.entries(row[entityName]!).flatMap(([field, value]) => {
      if (!known.includes(field))
        return [at(written, field, `"${entityName}" has no "${field}".`, didYouMeanHint(field, known))]
      if (typeof value !== 'string') return []
      const isRelation = targetsOf(entity, field).length > 0
      const wrong = isRelation ? faultOfTarget({ name: value, field, entity }, { written, model }) : null
      const pair = `${field}: '${value}`
      const place = written.text.includes(pair) ? pair : value
      return wrong === null ? [] : [at(written, place, wrong.message, wrong.hint)]
    })
  })
  return [...ofRows, ...Object.entries(actors).flatMap(([name, actor]) => problemsOfActor(name, actor, written, model))]
}

const requestFacts = ['mfa', 'ip', 'signedInFor']

function problemsOfActor(
  name: string,
  { roles: given, request, tenant, ...claims }: PolicyTestActor,
  written: WrittenTest,
  model: Model,
): readonly Problem[] {
  const roles = model.roles.map((role) => role.name)
  const known = (model.actor?.values ?? []).flatMap((value) => (value.kind === 'claim' ? [value.name] : []))
  const unknown = (names: readonly string[], all: readonly string[], what: string): readonly Problem[] =>
    names
      .filter((each) => !all.includes(each))
      .map((each) => at(written, each, `There is no ${what} "${each}".`, didYouMeanHint(each, all)))
  const isTenant = tenant === undefined || (typeof tenant === 'string' && tenant !== '')
  const foreign = at(written, 'tenant', `The tenant of "${name}" is no name.`, 'Write any name for another tenant.')
  return [
    ...unknown(given ?? [], roles, 'role'),
    ...unknown(Object.keys(claims), [...known, 'roles', 'request', 'tenant'], 'claim'),
    ...unknown(Object.keys(request ?? {}), requestFacts, 'fact of a request'),
    ...(isTenant ? [] : [foreign]),
  ]
}

function at(written: WrittenTest, words: string, message: string, hint: string | null): Problem {
  return invalid(message, placeOf(written, words), hint)
}
