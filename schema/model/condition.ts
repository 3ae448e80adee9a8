import type { Shift } from './model.ts'

/**
 * A condition over one row: the one tree that every back-end reads. Two-valued: a comparison with null is false, and
 * `not` is the exact complement.
 */
export type Condition =
  | {
      readonly kind: 'and'
      /** Each of them holds. */
      readonly all: readonly Condition[]
    }
  | {
      readonly kind: 'or'
      /** At least one of them holds. */
      readonly any: readonly Condition[]
    }
  | { readonly kind: 'not'; readonly not: Condition }
  | Comparison
  | Path
  | ManyPath
  | May
  | Fact

/** Compares a field of the row, its `id`, or (by id) the target of a to-one relation. */
export interface Comparison {
  readonly kind: 'compare'
  /** Name of a field, of a computed or built-in field, of a to-one relation, or of a part of a value object: `delivery.city`. */
  readonly on: string
  readonly op: Operator
  readonly to: Operand
}

/** The target of a to-one relation, as a live row, meets a condition. False when there is none. */
export interface Path {
  readonly kind: 'path'
  /** Name of the to-one relation. */
  readonly relation: string
  readonly where: Condition
}

/** Live rows that a relation to many leads to meet a condition, whatever the caller may read. */
export interface ManyPath {
  readonly kind: 'many'
  /** Name of a relation to many, or of one that at most one other row holds. */
  readonly relation: string
  /** `some`: at least one of them; `none`: not a single one; `every`: each, also where there are none at all. */
  readonly how: 'some' | 'none' | 'every'
  /** Null: any row. */
  readonly where: Condition | null
}

/** The caller has a right on the row: the only condition that asks for rights. */
export interface May {
  readonly kind: 'may'
  /** Of the entity whose row is asked about. */
  readonly verb: string
}

/** Something that is the same for every row of a statement: about the caller, the tenant or the request. */
export type Fact = CallerFact | TenantFact | RoleFact | ClaimFact | RequestFact

/** The caller's own live row meets a condition. */
export interface CallerFact {
  /** Always `fact`. */
  readonly kind: 'fact'
  /** What it tells of. */
  readonly about: 'caller'
  readonly where: Condition
}

/** The row of the tenant meets a condition. */
export interface TenantFact {
  /** Always `fact`. */
  readonly kind: 'fact'
  /** What it tells of. */
  readonly about: 'tenant'
  readonly where: Condition
}

/** The caller has a role. */
export interface RoleFact {
  /** Always `fact`. */
  readonly kind: 'fact'
  /** What it tells of. */
  readonly about: 'role'
  /** The caller has one of them, or one that includes one of them. */
  readonly roles: readonly string[]
}

/** A claim of the caller compares. */
export interface ClaimFact {
  /** Always `fact`. */
  readonly kind: 'fact'
  /** What it tells of. */
  readonly about: 'claim'
  /** Name of the claim. */
  readonly on: string
  readonly op: Operator
  readonly to: Operand
}

/** Something about the request compares. */
export interface RequestFact {
  /** Always `fact`. */
  readonly kind: 'fact'
  /** What it tells of. */
  readonly about: 'request'
  /**
   * `mfa`: signed in with a second factor. `ip`: address of the client. `hour`: of the day in UTC, 0 to 23. `weekday`: `mon` to `sun`,
   * in UTC. `signedInFor`: seconds since the caller signed in.
   */
  readonly on: 'mfa' | 'ip' | 'hour' | 'weekday' | 'signedInFor'
  /** `inside`: the address is in one of the networks. */
  readonly op: Operator | 'inside'
  /** Networks of `inside` are a list in CIDR notation. */
  readonly to: Operand
}

/** How a field is compared. `isNot` and `notIn` are the exact complements of `is` and `in`. */
export type Operator =
  | 'is'
  | 'isNot'
  | 'in'
  | 'notIn'
  | 'under'
  | 'atMost'
  | 'over'
  | 'atLeast'
  | 'startsWith'
  | 'contains'
  | 'endsWith'
  // Of lists: an element is the value, any of the values is an element, all of them are, and whether there are none.
  | 'has'
  | 'hasAny'
  | 'hasAll'
  | 'empty'
  // Of periods. `covers`: the value lies in it. `overlaps`: the two share a moment. The value of `overlaps` is a range as Postgres writes it.
  | 'covers'
  | 'overlaps'
  | 'endsBefore'
  | 'startsAfter'
  // Of trees: the row is one of the rows, or anywhere below one of them.
  | 'within'

/** What a field is compared with. */
export type Operand =
  /** `is null` and `is not null` are `is` and `isNot` with null. Numbers too large for JSON, days, instants and money are strings. */
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  /** Only with `in`, `notIn`, `hasAny` and `hasAll`. */
  | {
      readonly kind: 'list'
      /** As single values are written. */
      readonly values: readonly (string | number | boolean)[]
    }
  /** `actor.id`, a claim, or a reach set (then only with `in` and `notIn`). */
  | { readonly kind: 'actor'; readonly name: string }
  /** Another field: of the same row (`its('dueOn')`), or of the row that the rule is about (`row('owner.team')`). */
  | {
      readonly kind: 'row'
      /** Name of the field or to-one relation. */
      readonly name: string
      /** To-one relations that lead to it, at most two; left out where it is a field of the row itself. */
      readonly way?: readonly string[]
      /** The row that the rule is about; left out where the row at this level is meant, or both are the same. */
      readonly of?: 'rule'
    }
  /** The value before the change; only in `becoming`, at the level of the row itself. */
  | { readonly kind: 'was'; readonly name: string }
  /** The instant of the transaction, or its day in UTC, perhaps shifted: `now`, `ago({ days: 30 })`, `ahead({ hours: 1 })`. */
  | { readonly kind: 'now'; readonly by: Shift | null }
