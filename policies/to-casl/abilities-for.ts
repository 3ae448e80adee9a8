import { type Entity, embedsOf, leavesOf, type Rule, ruleCovers, rulesFor, toOnesOf, verbsOf } from '#schema'
import { judge } from '../evaluate/judge.ts'
import { isAmong } from '../evaluate/roles.ts'
import type { Caller } from '../evaluate/world.ts'
import type { ModelIndex } from '../to-sql/model-index.ts'
import type { Asking } from './asking.ts'
import type { PackedAbilities, PackedRule } from './packed-abilities.ts'
import type { RowShape } from './row-shape.ts'
import { denialTerms, grantTerms, reservedTerms } from './rule-terms.ts'
import { conditionsOfTerm, relational, type Term, type Terms } from './terms.ts'

/** What abilities are made of besides the caller. */
export interface AbilityContext {
  readonly index: ModelIndex
  readonly shape: RowShape
  /** ISO 8601. */
  readonly now: string
}

/**
 * The rules of the model as one caller may know them: those that speak of it, with its claims in their places. No titles, nothing of
 * other audiences, and no condition over a field that is not shown to every reader of the row.
 */
export function abilitiesFor(caller: Caller, { index, shape, now }: AbilityContext): PackedAbilities {
  let until: number | null = null
  const changes = (at: number): void => {
    until = until === null ? at : Math.min(until, at)
  }
  const world = { index, rows: {}, now }
  const made = index.model.entities.flatMap((entity) => {
    const row = {}
    const place = { world, caller, entity, row, ruled: { entity, row }, before: null, judge }
    return entityRules(entity, { place, shape, changes })
  })
  const sorted = [...made.filter(({ rule }) => rule[3] !== 1), ...made.filter(({ rule }) => rule[3] === 1)]
  return {
    version: 1,
    rules: sorted.map(({ rule }) => rule),
    local: sorted.map(({ isLocal }) => isLocal),
    verbs: verbsOfRules(sorted),
    at: now,
    until: until === null ? null : new Date(until).toISOString(),
  }
}

interface Marked {
  readonly rule: PackedRule
  readonly isLocal: boolean
}

/** What one rule of an entity becomes. */
interface Written {
  readonly entity: Entity
  readonly inverted: boolean
  readonly fields: readonly string[] | null
  readonly reason: string | null
}

function entityRules(entity: Entity, asking: Asking): readonly Marked[] {
  const { caller, world } = asking.place
  const { model } = world.index
  // Changes are read where the changed rows are.
  if (entity.historyOf !== null) return isEverRead(entity.historyOf, asking) ? readByRow(entity) : []
  // Links are read where both ends are.
  if (entity.link !== null) return toOnesOf(entity).every(({ to }) => isEverRead(to, asking)) ? readByRow(entity) : []
  const all = rulesFor(model, entity)
  const rules = all.filter(({ audience }) => isAmong(audience, caller, model))
  const allows = rules.filter(({ effect }) => effect === 'allow')
  const granted = verbsOf(entity).filter((verb) => allows.some((rule) => ruleCovers(entity, rule, verb)))
  const isRead = granted.includes('read')
  const fieldsOf = (names: readonly string[] | null) => (names === null ? null : shapedNames(entity, names, asking))
  return [
    ...allows.flatMap((rule) =>
      marked(rule, grantTerms(rule, asking), granted, {
        entity,
        inverted: false,
        fields: fieldsOf(rule.fields),
        reason: null,
      }),
    ),
    ...rules
      .filter(({ effect }) => effect === 'deny')
      .flatMap((rule) =>
        marked(rule, denialTerms(rule, asking), granted, {
          entity,
          inverted: true,
          fields: null,
          // Who reads no row of the kind is never told why.
          reason: isRead ? rule.because : null,
        }),
      ),
    ...reservedRules(entity, { all, rules, granted }, asking),
  ]
}

/** As rows call them; a value object of which all parts are covered is covered itself. */
function shapedNames(entity: Entity, names: readonly string[], { shape }: Asking): readonly string[] {
  const whole = embedsOf(entity).filter((embed) => leavesOf(embed).every((part) => names.includes(part.name)))
  const all = [...names, ...whole.map(({ name }) => name)]
  return [...new Set(all.flatMap((name) => shape.field(entity, name) ?? []))]
}

/** `delivery.city` → that and `delivery`: who may not change the part may not change the whole. */
function withWholes(path: string): readonly string[] {
  const parts = path.split('.')
  return parts.map((_, at) => parts.slice(0, at + 1).join('.'))
}

function isEverRead(name: string, { place }: Asking): boolean {
  const { index } = place.world
  const entity = index.entities.get(name)
  if (entity === undefined) return false
  return rulesFor(index.model, entity).some(
    (rule) =>
      rule.effect === 'allow' && ruleCovers(entity, rule, 'read') && isAmong(rule.audience, place.caller, index.model),
  )
}

function readByRow(entity: Entity): readonly Marked[] {
  return packed(['read'], relational, { entity, inverted: false, fields: null, reason: null })
}

interface RuleSets {
  /** Of the entity, whomever they are for. */
  readonly all: readonly Rule[]
  /** That speak of the caller. */
  readonly rules: readonly Rule[]
  readonly granted: readonly string[]
}

/** Fields that are for others: a denial for each, about the field alone. */
function reservedRules(entity: Entity, { all, rules, granted }: RuleSets, asking: Asking): readonly Marked[] {
  const reserves = all.filter(({ effect }) => effect === 'reserve')
  return granted.flatMap((verb) => {
    const speaking = reserves.filter((rule) => ruleCovers(entity, rule, verb))
    const names = new Set(speaking.flatMap(({ fields }) => fields ?? []))
    return [...names].flatMap((name) => {
      const field = asking.shape.field(entity, name)
      if (field === null) return []
      const own = speaking.filter((rule) => rule.fields?.includes(name) === true && rules.includes(rule))
      const terms = reservedTerms(own, asking)
      return packed([verb], terms, { entity, inverted: true, fields: withWholes(field), reason: null })
    })
  })
}

/** A rule for its verbs: those of which the row alone can tell, and those of which it never can. */
function marked(rule: Rule, terms: Terms, granted: readonly string[], written: Written): readonly Marked[] {
  const verbs = granted.filter((verb) => ruleCovers(written.entity, rule, verb))
  const isOpen = (verb: string): boolean => isLocalVerb(verb, rule, written.entity)
  const asked = terms.length === 0 ? [] : relational
  return [
    ...packed(verbs.filter(isOpen), terms, written),
    ...packed(
      verbs.filter((verb) => !isOpen(verb)),
      asked,
      written,
    ),
  ]
}

/** Rows that expire, rows of everybody and removed ones are told apart by the database; what a rule gives itself is not in the row. */
function isLocalVerb(verb: string, { sets }: Rule, { tenancy, expires }: Entity): boolean {
  if (expires !== null || verb === 'restore') return false
  if (tenancy === 'shared' && verb !== 'read') return false
  if (sets.length > 0 && (verb === 'create' || verb === 'update')) return false
  // CASL means every verb by it.
  return verb !== 'manage'
}

function packed(verbs: readonly string[], terms: Terms, written: Written): readonly Marked[] {
  if (verbs.length === 0 || written.fields?.length === 0) return []
  return terms.map((term) => ({ rule: packedRule(verbs.join(','), term, written), isLocal: term.isLocal }))
}

/** Zeros at the end are left out, as CASL does. */
function packedRule(verbs: string, term: Term, { entity, inverted, fields, reason }: Written): PackedRule {
  const conditions = term.isLocal ? conditionsOfTerm(term) : inverted ? everyRow : noRow
  const rest: readonly (object | string | number)[] = [
    conditions ?? 0,
    inverted ? 1 : 0,
    fields?.join(',') ?? 0,
    term.isLocal && reason !== null ? reason : 0,
  ]
  const end = rest.findLastIndex((part) => part !== 0)
  return [verbs, entity.name, ...rest.slice(0, end + 1)] as unknown as PackedRule
}

/** Of relational rules: whoever hands them to CASL without looking at the marks is refused rather than let pass. */
const noRow = { id: { $in: [] } }
const everyRow = { id: { $nin: [] } }

function verbsOfRules(all: readonly Marked[]): PackedAbilities['verbs'] {
  const made = new Map<string, Map<string, boolean>>()
  for (const { rule, isLocal } of all) {
    const verbs = made.get(rule[1]) ?? new Map<string, boolean>()
    made.set(rule[1], verbs)
    for (const verb of rule[0].split(',')) verbs.set(verb, (verbs.get(verb) ?? true) && isLocal)
  }
  return Object.fromEntries([...made].map(([entity, verbs]) => [entity, Object.fromEntries(verbs)]))
}
