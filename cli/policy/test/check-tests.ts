import { ModelError, type Problem } from '#base'
import type { PolicyTestActor } from '#policies'
import { didYouMeanHint, type Entity, type Model, verbsOf } from '#schema'
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
    const rows = rowNames(written, model)
    if ('row' in value && !rows.includes(value.row)) return fault(`There is no row "${value.row}".`, value.row, rows)
  }
  return null
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}

/** Rows by name, and the people of the actors. */
export function rowNames({ test }: WrittenTest, model: Model): readonly string[] {
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
    const known = namesOfRow(entity)
    return Object.keys(row[entityName]!)
      .filter((field) => !known.includes(field))
      .map((field) => at(written, field, `"${entityName}" has no "${field}".`, didYouMeanHint(field, known)))
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
