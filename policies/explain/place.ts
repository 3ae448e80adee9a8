import type { Entity, Model } from '#schema'

/** Where in a condition words are said. */
export interface Place {
  readonly model: Model
  /** Whose fields are spoken of here. */
  readonly entity: Entity
  /** What stands in front of the name of a field: `its `, `its customer's `, or nothing. */
  readonly whose: string
  /** What the row itself is called: `it`, `its customer`, `the line`. */
  readonly itself: string
  /** Relations on the way here that may lead nowhere, in words. */
  readonly missing: readonly string[]
  /** `not` stands directly in front: what a missing value does is turned round. */
  readonly isDenied: boolean
  /** Entity of the row that the rule is about. */
  readonly about: Entity
}

/** The row that a rule is about. */
export function rowPlace(model: Model, entity: Entity): Place {
  return { model, entity, whose: 'its ', itself: 'it', missing: [], isDenied: false, about: entity }
}

/** The same without `its`, for notes and pictures: `status is "draft"`. */
export function barePlace(model: Model, entity: Entity): Place {
  return { ...rowPlace(model, entity), whose: '' }
}

/** The entity of that name. */
export function entityNamed({ model }: Pick<Place, 'model'>, name: string): Entity | null {
  return model.entities.find((entity) => entity.name === name) ?? null
}
