import { createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability'
import { type PackRule, unpackRules } from '@casl/ability/extra'
import type { PackedAbilities } from '#policies'
import type { EntityName } from '#schema'

/** A row as the API answers it. */
export type ClientRow = Readonly<Record<string, unknown>>

/** What is certain here, and where only the server knows. */
export type Answer = true | false | 'ask'

/** Names of fields of the API: these, all but these, or the server knows. */
export type Fields = { readonly only: readonly string[] } | { readonly except: readonly string[] } | 'ask'

/** What a caller may do, decided without asking as far as that is exact. */
export interface Abilities {
  /**
   * Whether the caller may do the verb on the row as it is. `ask` where the server alone can say: for what other rows decide, for fields that the
   * row here does not have, and once the abilities are out of date. Without a row: on every row (true), on none (false), or it depends.
   *
   * @param fields names of fields of the API that shall be changed: one single rule must cover them all
   */
  can(verb: string, entity: EntityName, row?: ClientRow | null, fields?: readonly string[]): Answer
  /**
   * What the denial that stands says to whom it refuses; null where none surely stands, where it says nothing, and for rows that the caller may not
   * read for sure.
   *
   * @param isReadable true of a row that the server answered with
   */
  cannotBecause(verb: string, entity: EntityName, row: ClientRow, isReadable?: boolean): string | null
  /** Fields for which the caller may do the verb on the row: those of its rules, or all but some. */
  fieldsOf(verb: string, entity: EntityName, row: ClientRow): Fields
  /** Names of fields that a row must have for `can` to decide: what to select beside. */
  needs(verb: string, entity: EntityName): readonly string[]
  /** False once a fact has changed that was decided when they were made: fetch new ones. */
  isCurrent(): boolean
}

/** What {@link abilities} may be told beside. */
export interface AbilityOptions {
  /** Milliseconds since some instant; `Date.now` when left out. */
  readonly now?: () => number
}

type Rule = RawRuleOf<MongoAbility>

/**
 * An ability of CASL, for people who use it directly, with `@casl/react` for example. Rows must be known by their `__typename` or by `subject('Order', row)`,
 * and have all fields that rules read. What only the server decides is false here.
 */
export function createAbility(packed: PackedAbilities): MongoAbility {
  return abilityOf(rulesOf(packed))
}

function abilityOf(rules: Rule[]): MongoAbility {
  return createMongoAbility(rules, {
    // Neither a verb nor an entity means all of them, and a field called `kind` is no type.
    anyAction: '*',
    anySubjectType: '*',
    detectSubjectType: (row) => {
      const { __caslSubjectType__: told, __typename: name } = row as Readonly<Record<string, unknown>>
      return String(told ?? name)
    },
  })
}

/** What `viewer { abilities }` gave, to be asked. */
export function abilities(packed: PackedAbilities, { now = Date.now }: AbilityOptions = {}): Abilities {
  if (packed.version !== 1) throw new TypeError('These abilities were made by another version of Rowhouse.')
  const rules = rulesOf(packed)
  const local = new Set(rules.filter((_, at) => packed.local[at] === true))
  const ability = abilityOf(rules)
  const until = packed.until === null ? null : now() + (Date.parse(packed.until) - Date.parse(packed.at))
  const isCurrent = (): boolean => until === null || now() < until
  const judged = (verb: string, entity: string, row: ClientRow | null): readonly Judged[] =>
    ability.possibleRulesFor(verb, entity).map((rule): Judged => {
      const { inverted, fields, conditions, reason } = rule
      const isKnown = local.has(rule.origin as Rule)
      const needed = Object.keys((conditions ?? {}) as object)
      const hasAll = row !== null && needed.every((name) => Object.hasOwn(row, name) && row[name] !== undefined)
      const holds = !isKnown ? null : needed.length === 0 ? true : hasAll ? rule.matchesConditions(row) : null
      return { inverted, fields: fields ?? null, reason: reason ?? null, needed: isKnown ? needed : [], holds }
    })
  return {
    isCurrent,
    can(verb, entity, row = null, asked = []) {
      if (!isCurrent()) return 'ask'
      return answerOf(judged(verb, entity, row), asked)
    },
    cannotBecause(verb, entity, row, isReadable = false) {
      if (!isCurrent()) return null
      if (!isReadable && answerOf(judged('read', entity, row), []) !== true) return null
      const denial = judged(verb, entity, row).find(
        ({ inverted, fields, holds, reason }) => isDenial({ inverted, fields }) && holds === true && reason !== null,
      )
      return denial?.reason ?? null
    },
    fieldsOf(verb, entity, row) {
      if (!isCurrent()) return 'ask'
      const all = judged(verb, entity, row)
      const answer = answerOf(all, [])
      if (answer === false) return { only: [] }
      const allows = all.filter(({ inverted }) => !inverted)
      const reserved = all.filter(({ inverted, fields }) => inverted && fields !== null)
      if (answer === 'ask' || [...allows, ...reserved].some(({ holds }) => holds === null)) return 'ask'
      const holding = allows.filter(({ holds }) => holds === true)
      const taken = new Set(reserved.flatMap(({ holds, fields }) => (holds === true ? (fields ?? []) : [])))
      if (holding.some(({ fields }) => fields === null)) return { except: [...taken].sort() }
      const only = [...new Set(holding.flatMap(({ fields }) => fields ?? []))].filter((name) => !taken.has(name))
      return { only: only.sort() }
    },
    needs(verb, entity) {
      return [...new Set(judged(verb, entity, null).flatMap(({ needed }) => needed))].sort()
    },
  }
}

/** A rule that speaks of a verb, held against a row. */
interface Judged {
  readonly inverted: boolean
  readonly fields: readonly string[] | null
  readonly reason: string | null
  readonly needed: readonly string[]
  /** Null: not to be known here. */
  readonly holds: boolean | null
}

/** Of the rules for one verb and one row. */
function answerOf(rules: readonly Judged[], asked: readonly string[]): Answer {
  const against = rules.filter(
    ({ inverted, fields }) => inverted && (fields === null || fields.some((name) => asked.includes(name))),
  )
  if (against.some(({ holds }) => holds === true)) return false
  const allows = rules.filter(
    ({ inverted, fields }) => !inverted && (fields === null || asked.every((name) => fields.includes(name))),
  )
  const isAllowed = allows.some(({ holds }) => holds === true)
  if (!isAllowed && !allows.some(({ holds }) => holds === null)) return false
  return isAllowed && !against.some(({ holds }) => holds === null) ? true : 'ask'
}

function isDenial({ inverted, fields }: Pick<Judged, 'inverted' | 'fields'>): boolean {
  return inverted && fields === null
}

function rulesOf({ rules }: PackedAbilities): Rule[] {
  return unpackRules<Rule>(rules as unknown as PackRule<Rule>[])
}
