import { snakeCase } from '#base'
import type { Shown, ToOne } from '../model/model.ts'
import type { Options } from './options.ts'

/** The to-one of a part to its whole. */
export function partOf(name: string, to: string, shown: Shown, options: Options): ToOne {
  return {
    ...shown,
    kind: 'one',
    name,
    to,
    column: options.word('column') ?? `${snakeCase(name)}_id`,
    optional: false,
    readonly: false,
    onDelete: 'cascade',
    onRemove: 'cascade',
    default: null,
    part: true,
    position: options.flag('ordered') ? `${snakeCase(name)}_position` : null,
    same: readSame(options),
    inverse: null,
  }
}

/** `same: 'order.company'` as a path. */
export function readSame(options: Options): readonly string[] | null {
  return options.word('same')?.split('.') ?? null
}
