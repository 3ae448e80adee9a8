import { didYouMeanHint } from '../complete/hint.ts'
import type { Entity } from '../model/model.ts'

/** What to say instead of a name that is no column: of a part inside of one value that it is no value of its own, else what is called alike. */
export function columnHint(entity: Entity, name: string, known: readonly string[]): string {
  const [first, ...rest] = name.split('.')
  const field = entity.fields.find((each) => each.name === first)
  if (entity.computed.some((each) => each.name === name && !each.stored))
    return `"${name}" is computed when it is read. Say \`stored: true\`, and it has a column.`
  if (rest.length === 0 || field === undefined) return didYouMeanHint(name.replace(/Id$/, ''), known)
  switch (field.type.kind) {
    case 'period':
      return `"${first}" is one value with two ends: name "${first}", or keep the ends as two fields.`
    case 'shape':
      return `"${first}" is one value: write embed({ … }) instead of shape({ … }), whose parts have columns.`
    case 'list':
    case 'dict':
      return `"${first}" holds many values: make rows of another entity of them, or a field of what is looked up.`
    default:
      return didYouMeanHint(name, known)
  }
}
