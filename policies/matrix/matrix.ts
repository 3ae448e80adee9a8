import { type Entity, type Model, rulesFor, verbsOf } from '#schema'
import { actorMeanings, type Meaning } from '../explain/actor-words.ts'
import { type CallerKind, callerWith, signedInCaller, visitor } from '../explain/caller-kind.ts'
import { fieldsWords } from '../explain/fields-words.ts'
import { partWords } from '../explain/names.ts'
import { ruleSentence } from '../explain/rule-lines.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** Who may do what: actor × verb × entity, from the rules alone. */
export interface Matrix {
  readonly app: string
  readonly callers: readonly MatrixCaller[]
  readonly entities: readonly MatrixEntity[]
}

/** Somebody of whom the matrix tells. */
export interface MatrixCaller {
  /** `visitor`, `signed in`, `sales`, `sales + accountant`. */
  readonly name: string
  readonly note: string | null
}

/** Rows of an entity. */
export interface MatrixEntity {
  readonly entity: string
  readonly note: string | null
  readonly verbs: readonly MatrixRow[]
  /** Words of the rules that need one. */
  readonly words: readonly Meaning[]
}

/** A verb. */
export interface MatrixRow {
  readonly verb: string
  /** One for each caller, in the same order. */
  readonly cells: readonly MatrixCell[]
}

/** What one may do. */
export interface MatrixCell {
  readonly caller: string
  readonly answer: Verdict['answer']
  readonly allowing: readonly MatrixRule[]
  readonly denying: readonly MatrixRule[]
  /** In words, where only some fields may be read or written; null: all, or no matter. */
  readonly fields: readonly string[] | null
}

/** A rule with its meaning. */
export interface MatrixRule {
  readonly title: string
  /** In English. */
  readonly says: string
  /** `only margin`, `every field but margin`; null: all. */
  readonly fields: string | null
}

/**
 * The matrix of some entities. Of combinations of two roles those are told that are more than the better of both.
 *
 * @param more others of whom to tell
 */
export function policyMatrix(model: Model, entities: readonly Entity[], more: readonly CallerKind[] = []): Matrix {
  const single = [visitor, signedInCaller, ...model.roles.map(({ name }) => callerWith([name], model))]
  const asked = more.filter(({ name }) => !single.some((each) => each.name === name))
  const pairs = usefulPairs(model, entities).filter(({ name }) => !asked.some((each) => each.name === name))
  const callers = [...single, ...pairs, ...asked]
  return {
    app: model.app,
    callers: callers.map(({ name }) => ({ name, note: noteOf(name, model) })),
    entities: entities.map((entity) => ({
      entity: entity.name,
      note: entity.note,
      words: actorMeanings(rulesFor(model, entity), model),
      verbs: verbsOf(entity).map((verb) => ({
        verb,
        cells: callers.map((caller) => cellOf(model, entity, verb, caller)),
      })),
    })),
  }
}

function noteOf(name: string, { roles }: Model): string | null {
  if (name === visitor.name) return 'Not signed in.'
  if (name === signedInCaller.name) return 'Signed in, without a role.'
  return roles.find((role) => role.name === name)?.note ?? null
}

function cellOf(model: Model, entity: Entity, verb: string, caller: CallerKind): MatrixCell {
  const { answer, allowing, denying, fields } = verdictOf(model, entity, verb, caller)
  const said = (rules: typeof allowing) =>
    rules.map((rule) => ({
      title: rule.title,
      says: ruleSentence({ ...rule, verbs: [verb] }, entity, model),
      fields: rule.fields === null ? null : fieldsWords(rule.fields, entity),
    }))
  const isOfFields = ['read', 'create', 'update'].includes(verb)
  return {
    caller: caller.name,
    answer,
    allowing: said(allowing),
    denying: said(denying),
    fields: fields === null || !isOfFields ? null : fields.map((name) => partWords(entity, name)),
  }
}

const strength = { never: 0, when: 1, always: 2 } as const

/** Two roles are more than the better of both where one of them lifts a denial for the other. */
function usefulPairs(model: Model, entities: readonly Entity[]): readonly CallerKind[] {
  const names = model.roles.map(({ name }) => name)
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other] as const))
  return pairs.flatMap(([one, other]) => {
    const [first, second, both] = [[one], [other], [one, other]].map((roles) => callerWith(roles, model))
    const isMore = entities.some((entity) =>
      verbsOf(entity).some((verb) => {
        const of = (caller: CallerKind) => strength[verdictOf(model, entity, verb, caller).answer]
        return of(both!) > Math.max(of(first!), of(second!))
      }),
    )
    return isMore ? [both!] : []
  })
}
