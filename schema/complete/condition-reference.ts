import { kindOf, type RowRefDeclaration } from '../dsl/declaration.ts'
import { columnFields } from '../model/column-fields.ts'
import type { Condition, Operand, Operator } from '../model/condition.ts'
import type { Computed, Entity, Field, FieldType, ModelPath, ToOne } from '../model/model.ts'
import type { ConditionContext, PolicyWords } from './condition-context.ts'
import { didYouMeanHint } from './hint.ts'
import { writtenOnes } from './one-of.ts'
import { differenceOf, isSame } from './same-type.ts'

/** A comparison with a value of a row: of a field by its type, or of a row by its entity. */
export type Referring = { readonly on: string; readonly op: Operator } & (
  | { readonly type: FieldType; readonly target?: never }
  | { readonly target: string; readonly type?: never }
)

/** True for `row(…)`, `its(…)` and `was(…)`. */
export function isReference(given: unknown): given is RowRefDeclaration {
  return Object.hasOwn(words, kindOf(given) ?? '')
}

type Word = 'row' | 'its' | 'was'

const words: Readonly<Record<string, Word>> = { rowRef: 'row', itsRef: 'its', wasRef: 'was' }

/** Reads `row('customer.owner')`, `its('limit')` and `was('price')` where rules say them. */
export function readReference(
  comparison: Referring,
  given: RowRefDeclaration,
  path: ModelPath,
  { policy, entities, problems }: ConditionContext & { readonly policy: PolicyWords },
): Condition | null {
  const word = words[kindOf(given)!]!
  const from = startOf(word, policy)
  const found = 'code' in from ? from : follow(word, String(given.name), from, entities)
  const fault = 'code' in found ? found : mismatch(comparison, found, word, policy)
  if (fault !== null) {
    problems.report(fault.code, { path }, fault.message, { hint: fault.hint })
    return null
  }
  const { on, op } = comparison
  return { kind: 'compare', on, op, to: operandOf(word, found as Found, policy) }
}

interface Fault {
  readonly code:
    | 'CONDITION_CONSTANT'
    | 'CONDITION_ROW_MISPLACED'
    | 'CONDITION_ROW_PATH_TOO_LONG'
    | 'CONDITION_VALUE_INVALID'
    | 'CONDITION_WAS_MISPLACED'
    | 'POLICY_PATH_UNKNOWN'
  readonly message: string
  readonly hint: string | null
}

/** The row that a word begins at. */
function startOf(word: Word, { level, rule, isTop, isBecoming }: PolicyWords): Entity | Fault {
  const known = typeof rule === 'string' ? null : rule
  const unknown = typeof rule === 'string' ? rule : ''
  if (word === 'was' && (!isBecoming || !isTop || known === null)) {
    const hint = isBecoming
      ? 'Behind a relation nothing has changed: `row(…)` gives a value of the row as it will be.'
      : "Write it in the `becoming` of a rule that allows updates: becoming: { price: { atMost: was('price') } }."
    const message = '`was(…)` stands for the value before a change: only `becoming` knows one, of the row itself.'
    return { code: 'CONDITION_WAS_MISPLACED', message, hint }
  }
  if (word === 'its' && level !== null) return level
  if (known !== null) return known
  const hint = 'Write the condition in the rule itself, or compare within this row: `its(…)`.'
  return { code: 'CONDITION_ROW_MISPLACED', message: unknown, hint }
}

/** A value that a name leads to: of a field, or the id of a row. */
interface Found {
  /** To-one relations on the way. */
  readonly way: readonly string[]
  readonly name: string
  /** Whose it is. */
  readonly entity: Entity
  /** What it holds; a to-one relation, or the key, by the entity of its row. */
  readonly type: FieldType | { readonly target: string }
}

/** To-one relations between the row and the value. */
const longestWay = 2

function follow(word: Word, name: string, from: Entity, entities: ConditionContext['entities']): Found | Fault {
  const steps = name.split('.')
  const way: string[] = []
  let entity = from
  while (steps.length > 0) {
    const end = endOf(entity, steps.join('.'), word)
    if (end !== null) return word === 'was' || way.length <= longestWay ? { way, entity, ...end } : tooLong(name)
    const relation = onesOf(entity).find((each) => each.name === steps[0])
    const target = relation === undefined ? undefined : entities.get(relation.to)
    if (relation === undefined || target === undefined) break
    if (word === 'was') return ofItself(name)
    way.push(relation.name)
    entity = target
    steps.shift()
  }
  const known = [...columnFields(entity), ...(word === 'was' ? [] : entity.computed), ...onesOf(entity)]
  const hint = didYouMeanHint(
    steps[0] ?? name,
    known.map((each) => each.name),
  )
  return { code: 'POLICY_PATH_UNKNOWN', message: `"${entity.name}" has no "${steps[0] ?? name}".`, hint }
}

function tooLong(name: string): Fault {
  const message = `"${name}" leads over more than two relations.`
  const hint = 'Keep the value nearer (`from` copies it, a computed field finds it), or turn the condition round.'
  return { code: 'CONDITION_ROW_PATH_TOO_LONG', message, hint }
}

function ofItself(name: string): Fault {
  const message = `"${name}" is a value of another row, which this change does not touch.`
  return { code: 'CONDITION_WAS_MISPLACED', message, hint: `Write row('${name}').` }
}

/** To-one relations that stand by themselves. */
function onesOf(entity: Entity): readonly ToOne[] {
  return writtenOnes(entity).filter((relation) => relation.kind === 'one')
}

function endOf(entity: Entity, name: string, word: Word): Pick<Found, 'name' | 'type'> | null {
  const isKey = entity.key.length === 1 && (name === 'id' || name === entity.key[0])
  if (isKey) return { name: entity.key[0]!, type: { target: entity.name } }
  const fields: readonly (Field | Computed)[] = [...columnFields(entity), ...(word === 'was' ? [] : entity.computed)]
  const field = fields.find((each) => each.name === name)
  if (field !== undefined) return { name, type: field.type }
  const relation = onesOf(entity).find((each) => each.name === name)
  return relation === undefined ? null : { name, type: { target: relation.to } }
}

function mismatch(comparison: Referring, found: Found, word: Word, policy: PolicyWords): Fault | null {
  const { on } = comparison
  const other = [...found.way, found.name].join('.')
  const isHere = word !== 'was' && found.way.length === 0 && isSameRow(word, policy)
  if (isHere && found.name === on) {
    const message = `"${on}" is compared with itself.`
    return { code: 'CONDITION_CONSTANT', message, hint: 'Name another value, or leave the test out.' }
  }
  const invalid = (message: string, hint: string | null): Fault => ({ code: 'CONDITION_VALUE_INVALID', message, hint })
  const { type } = found
  if ('target' in type || comparison.target !== undefined) {
    const isOne = 'target' in type && type.target === comparison.target
    if (isOne) return null
    const wanted = comparison.target === undefined ? 'a value' : `a "${comparison.target}"`
    const given = 'target' in type ? `a "${type.target}"` : 'a value of a field'
    return invalid(`"${on}" is ${wanted}, but "${other}" is ${given}.`, null)
  }
  if (!isSame(comparison.type, type)) {
    const difference = differenceOf({ name: on, type: comparison.type }, { type })
    return invalid(
      `"${on}" cannot be compared with "${other}": they are ${difference}.`,
      kindHint(comparison.type, type),
    )
  }
  if (type.kind !== 'money' || type.in === null || isHere || keepsCurrency(found, type.in, word)) return null
  const hint = 'Let both have one currency, or compare digits that are no money.'
  return invalid(`"${on}" and "${other}" may be in different currencies: each row has its own.`, hint)
}

/** The currency before the change is the one after it. */
function keepsCurrency({ entity }: Found, currency: string, word: Word): boolean {
  return word === 'was' && entity.fields.some(({ name, readonly: isKept }) => name === currency && isKept)
}

function kindHint(one: FieldType, other: FieldType): string | null {
  const kinds = [one.kind, other.kind]
  return kinds.includes('date') && kinds.includes('datetime')
    ? 'A day is no instant: name another of the same kind.'
    : null
}

/** Whether a word stands for the row at this level. */
function isSameRow(word: Word, { isTop }: PolicyWords): boolean {
  return word === 'its' || isTop
}

function operandOf(word: Word, { way, name }: Found, policy: PolicyWords): Operand {
  if (word === 'was') return { kind: 'was', name }
  return {
    kind: 'row',
    name,
    ...(way.length === 0 ? {} : { way }),
    ...(isSameRow(word, policy) ? {} : { of: 'rule' as const }),
  }
}
