import { RequestError } from '#base'
import { deniedMessage, denyOfPolicy, guardMessage, reservedMessage } from '#migrations'
import { heldRoles } from '#policies'
import { columnFields, type Entity, groupOf, type Model, type Rule, ruleCovers, rulesFor, toOnesOf } from '#schema'
import { idFieldName } from '../graphql/api-names.ts'
import { isIn } from '../graphql/hidden-entities.ts'
import type { Denial, RefusedWrite, TriedChange } from '../refused-write.ts'

/** How Postgres words a denial. */
export interface DenialWords {
  readonly message?: string | undefined
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly column?: string | undefined
}

/**
 * FORBIDDEN, with what a caller may know: the deny that stood, in the author's words; otherwise the titles of the rules that are there for callers
 * with these roles, whatever the row, and the fields that stand in the way.
 */
export function tellRefusal({ change, denial, cause }: RefusedWrite, model: Model): RequestError {
  const words: DenialWords = cause instanceof Error ? (cause as DenialWords) : {}
  const reserved = reservedField(words, change, model)
  if (reserved !== null) return reserved
  const stood = denial ?? denialOf(words, model)
  if (stood !== null) {
    const { title, because } = stood
    const message = because ?? `A rule forbids this: ${title}.`
    return new RequestError('FORBIDDEN', message, { rule: { title, because } })
  }
  const entity = model.entities.find(({ name }) => name === change.entity)
  const rules = entity === undefined ? [] : rulesOfCaller(entity, change, model)
  const fields = entity === undefined ? [] : refusedFields(entity, change, { rules, words })
  const named = fields.map((field) => `"${field}"`).join(' and ')
  return new RequestError('FORBIDDEN', fields.length === 0 ? 'No rule allows this.' : `No rule allows ${named} here.`, {
    rule: null,
    rules: rules.map(({ title }) => title),
    ...(fields.length === 0 ? {} : { fields }),
  })
}

/** A field that some rule keeps for others: nobody needs to know whose row it is to be told. */
function reservedField({ message, detail, hint, column }: DenialWords, change: TriedChange, model: Model) {
  const entity = model.entities.find(({ name }) => name === change.entity)
  if (message !== reservedMessage || detail === undefined || entity === undefined) return null
  const held = [...columnFields(entity), ...toOnesOf(entity)].find((each) => each.column === column)
  const fields = held === undefined ? [] : [shownName(entity, held.name)]
  const said = hint ?? `A rule keeps ${fields.map((field) => `"${field}"`).join('')} for others: ${detail}.`
  return new RequestError('FORBIDDEN', said, { rule: { title: detail, because: hint ?? null }, fields })
}

/** Of row security it is the name of the policy that tells, of our functions the detail. */
function denialOf({ message = '', detail, hint }: DenialWords, model: Model): Denial | null {
  if (message === deniedMessage) return detail === undefined ? null : { title: detail, because: hint ?? null }
  const policy = / row-level security policy "(d_[0-9a-f]{12})" for table "/.exec(message)?.[1]
  return policy === undefined ? null : denyOfPolicy(model, policy)
}

/** Rules that allow callers with these roles the verb: the same for every row, so that their titles tell of none. */
function rulesOfCaller(entity: Entity, { verb, roles }: TriedChange, model: Model): readonly Rule[] {
  const held = roles === null ? null : heldRoles(model, roles)
  return rulesFor(model, entity)
    .filter((rule) => rule.effect === 'allow' && ruleCovers(entity, rule, verb) && isIn(rule.audience, held))
    .toSorted((a, b) => (a.title < b.title ? -1 : 1))
}

/** Fields that no rule of the caller covers; or, of those that the guard found, what stands between the change and the nearest rule. */
function refusedFields(
  entity: Entity,
  { given }: TriedChange,
  { rules, words }: { readonly rules: readonly Rule[]; readonly words: DenialWords },
): readonly string[] {
  if (rules.length === 0) return []
  const isCovered = (name: string) => rules.some(({ fields }) => fields === null || fields.includes(name))
  const beyond = given.filter((name) => !isCovered(name))
  const found = beyond.length > 0 ? beyond : foundByGuard(words)
  return [...new Set(found.map((name) => shownName(entity, name)))]
}

function foundByGuard({ message, detail }: DenialWords): readonly string[] {
  return message === guardMessage && detail !== undefined && detail !== '' ? JSON.parse(detail) : []
}

/** `customerId`; of a relation to one of several entities its own name. */
function shownName(entity: Entity, name: string): string {
  const relation = toOnesOf(entity).find((each) => each.name === name)
  if (relation === undefined) return name
  return groupOf(entity, relation.name)?.name ?? idFieldName(relation)
}
