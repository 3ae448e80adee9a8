import { snakeCase } from '#base'
import type { ToOne } from '../model/model.ts'
import { notShown } from './shown.ts'

/** A to-one that Rowhouse makes itself: required, written once, and gone with its target. */
export function madeToOne(name: string, to: string): ToOne {
  return {
    ...notShown,
    kind: 'one',
    name,
    to,
    column: `${snakeCase(name)}_id`,
    optional: false,
    readonly: true,
    onDelete: 'cascade',
    onRemove: 'keep',
    default: null,
    part: false,
    position: null,
    same: null,
    inverse: null,
  }
}
