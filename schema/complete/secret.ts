import type { FieldType } from '../model/model.ts'
import type { FieldContext } from './field-context.ts'
import type { Options } from './options.ts'

/** What would tell something of the value, or needs it in the row. */
const refused: Readonly<Record<string, string>> = {
  unique: 'Two rows with one value would tell of it: whoever tries values learns which are taken.',
  index: 'Nothing is looked up by it.',
  default: 'A value that stands in the model is no secret.',
  from: 'Nobody reads it, so nothing copies it either.',
}

/** Reads `secret({ keep: 'hash' })`; what a secret cannot have is reported here. */
export function readSecret(options: Options, { path, problems, depth, name }: FieldContext): FieldType {
  for (const [option, hint] of Object.entries(refused)) {
    if (options.raw(option) === undefined) continue
    const at = { path: [...path, option], part: 'key' } as const
    problems.report('SECRET_USE_INVALID', at, `"${option}" does not stand on a secret.`, { hint })
  }
  if (depth > 1) {
    const hint = 'Put it beside the value object.'
    problems.report('SECRET_USE_INVALID', { path }, `"${name}" is a secret, which is no part of a value object.`, {
      hint,
    })
  }
  const keep = options.oneOf('keep', ['hash', 'encrypted'])
  if (keep === null && options.raw('keep') === undefined) {
    const hint = "`keep: 'hash'` for what is only ever compared, `keep: 'encrypted'` for what the server has to read."
    problems.report('OPTION_INVALID', { path }, "A secret says how it is kept: { keep: 'hash' }.", { hint })
  }
  return { kind: 'secret', keep: keep ?? 'hash' }
}
