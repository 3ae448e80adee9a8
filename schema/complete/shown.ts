import { isPlainJson, type Json } from '#base'
import type { Problems } from '../load/problems.ts'
import type { ModelPath, Shown } from '../model/model.ts'
import type { Options } from './options.ts'

/** What interfaces show of a part whose author said nothing. */
export const notShown: Shown = { note: null, label: null, deprecated: null, ui: null }

/** Reads `note`, `label`, `deprecated` and `ui`. */
export function readShown(options: Options, problems: Problems): Shown {
  return {
    note: options.text('note'),
    label: options.text('label'),
    deprecated: options.text('deprecated'),
    ui: readUi(options.raw('ui'), [...options.path, 'ui'], problems),
  }
}

function readUi(given: unknown, path: ModelPath, problems: Problems): Shown['ui'] {
  if (given === undefined) return null
  if (isPlainJson(given) && typeof given === 'object' && given !== null && !Array.isArray(given))
    return given as { readonly [key: string]: Json }
  problems.report('OPTION_INVALID', { path }, '"ui" must be an object of plain data.')
  return null
}
