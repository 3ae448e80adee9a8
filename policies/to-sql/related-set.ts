import { canonicalHash, fitIdentifier } from '#base'
import { type Condition, type Entity, objectName } from '#schema'

/**
 * What a policy asks a private function, because a policy reads no other table itself. All but `row` are asked once per
 * statement.
 */
export type RelatedSet =
  /** Keys: of all live rows of an entity that meet a condition, or of the rows that they lead to. */
  | KeySet
  /** Keys of the rows of a tree that are above or below others. */
  | LineageSet
  /** Keys with values beside them, for conditions that hold equal a value of a related row and one of the row itself. */
  | PairSet
  /** Whether the caller's own live row, or that of the tenant, meets a condition. */
  | FactSet
  /** Whether a row meets a condition that neither a set of keys nor one of pairs can say: asked for each row, with its columns. */
  | RowSet

/** See {@link RelatedSet}. */
export interface KeySet {
  readonly kind: 'keys'
  readonly entity: Entity
  readonly where: Condition
  /** Name of the to-one of these rows whose keys are given; null: the keys of the rows themselves. */
  readonly by: string | null
}

/** See {@link RelatedSet}. */
export interface LineageSet {
  readonly kind: 'lineage'
  /** An entity whose rows are a tree. */
  readonly entity: Entity
  /** Live rows that meet it are where the way begins. */
  readonly where: Condition
  /** From these rows on to all above them, or to all below them, over live rows. */
  readonly toward: 'above' | 'below'
  /** Whether the keys of the rows where the way begins are given too. */
  readonly itself: boolean
}

/** See {@link RelatedSet}. */
export interface PairSet {
  readonly kind: 'pairs'
  /** The entity of the row that is judged. */
  readonly entity: Entity
  /** A path, or a `many` of `some`. */
  readonly condition: Condition
}

/** See {@link RelatedSet}. */
export interface FactSet {
  readonly kind: 'fact'
  readonly about: 'caller' | 'tenant'
  readonly entity: Entity
  readonly where: Condition
}

/** See {@link RelatedSet}. */
export interface RowSet {
  readonly kind: 'row'
  /** The entity of the row that is judged. */
  readonly entity: Entity
  readonly condition: Condition
}

/** Name of the private function behind a set: the same question, the same function. */
export function setName(set: RelatedSet): string {
  switch (set.kind) {
    case 'keys':
      return relatedSetName(set.entity, set.where, set.by)
    case 'fact':
      return named(`${set.about}_${objectName(set.entity)}`, { fact: set.about, where: set.where })
    case 'lineage': {
      const { entity, where, toward, itself } = set
      return named(`${toward}_${objectName(entity)}`, { entity: entity.name, where, toward, itself })
    }
    case 'pairs':
    case 'row':
      return named(`${set.kind}_${objectName(set.entity)}`, { entity: set.entity.name, condition: set.condition })
  }
}

/** Name of the private function that gives a set's keys. */
function relatedSetName(entity: Entity, where: Condition, by: string | null = null): string {
  return named(objectName(entity), { entity: entity.name, where, ...(by === null ? {} : { by }) })
}

function named(start: string, said: object): string {
  return fitIdentifier(`${start}_${canonicalHash(said).slice(0, 12)}`)
}
