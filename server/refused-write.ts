/** What is told of a deny, and of nothing else: the author's words. */
export interface Denial {
  readonly title: string
  readonly because: string | null
}

/** A change that somebody tried. */
export interface TriedChange {
  /** Name of the entity whose rules decide. */
  readonly entity: string
  readonly verb: string
  /** What the caller gave, in the words of rules: fields, parts of value objects, relations. */
  readonly given: readonly string[]
  /** Roles of the caller; null: a visitor. */
  readonly roles: readonly string[] | null
}

/**
 * Postgres refused a change of a row that the caller may read, makes, or could never change whatever the row. What may be told of it is found
 * where errors are translated.
 */
export class RefusedWrite extends Error {
  readonly change: TriedChange
  /** The deny that stood, where Postgres was asked for it. */
  readonly denial: Denial | null

  constructor(change: TriedChange, denial: Denial | null, cause: unknown) {
    super(`No rule allows to ${change.verb} "${change.entity}".`, { cause })
    this.name = 'RefusedWrite'
    this.change = change
    this.denial = denial
  }
}
