import { snakeCase } from '#base'
import type { Computed, Entity } from './model.ts'

/** Column that holds a stored formula: its name in snake case. */
export function storedColumn({ name }: Pick<Computed, 'name'>): string {
  return snakeCase(name)
}

/** The computed fields of an entity that have a column, in order of declaration. */
export function storedOf({ computed }: Pick<Entity, 'computed'>): readonly Computed[] {
  return computed.filter(({ stored }) => stored)
}
