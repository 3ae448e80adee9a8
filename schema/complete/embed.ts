import { upperFirst } from '#base'
import { type EmbedTypeDeclaration, type FieldDeclaration, kindOf } from '../dsl/declaration.ts'
import type { Field, FieldType } from '../model/model.ts'
import type { FieldContext } from './field-context.ts'
import { entriesOf, type Options } from './options.ts'

/** How deep value objects may lie in each other: an address in a delivery. */
const maxDepth = 2

/** Reads `embed({ … })` and `embed(address)`. The GraphQL type is named after owner and field unless shared. */
export function readEmbed(field: FieldDeclaration, options: Options, context: FieldContext): FieldType {
  const { depth, owner, name, path, problems } = context
  const shared = kindOf(field.parts) === 'embedType' ? (field.parts as EmbedTypeDeclaration) : null
  const object = shared?.name ?? `${owner}${upperFirst(name)}`
  if (depth > maxDepth) {
    const hint = 'Put the inner parts beside the others, or make it an entity of its own.'
    problems.report('EMBED_TOO_DEEP', { path }, `"${name}" is a value object inside of one inside of another.`, {
      hint,
    })
    return { kind: 'embed', object, fields: [] }
  }
  const entries = entriesOf(shared === null ? field.parts : shared.fields, path, problems)
  if (entries.length === 0) problems.report('EMBED_EMPTY', { path }, `"${name}" has no parts.`)
  for (const option of ['unique', 'index', 'default'] as const) {
    if (options.raw(option) === undefined) continue
    const at = { path: [...path, option], part: 'key' } as const
    const hint =
      option === 'default' ? 'Give its parts defaults.' : `Name its parts in a list of the entity: "${name}.…".`
    problems.report('EMBED_OPTION_MISPLACED', at, `"${option}" does not stand on a value object.`, { hint })
  }
  const counted = entries.filter(([, given]) => (given as Partial<FieldDeclaration> | null)?.builder === 'numbering')
  for (const [part] of counted) {
    const message = `"${name}.${part}" cannot be a numbering: rows are counted, not value objects.`
    problems.report('EMBED_OPTION_MISPLACED', { path: [...path, part] }, message, { hint: 'Put it on the entity.' })
  }
  const parts = context.readParts(
    entries.filter((entry) => !counted.includes(entry)),
    object,
  )
  for (const part of parts) {
    for (const option of ['unique', 'index'] as const) {
      if (!part[option]) continue
      const list = option === 'unique' ? 'unique: [[…]]' : 'indexes: [{ on: […] }]'
      const hint = `Say \`${list}\` on the entity, and name the part "${name}.${part.field.name}" there.`
      const at = { path: [...path, part.field.name, option], part: 'key' } as const
      problems.report('EMBED_OPTION_MISPLACED', at, `"${option}" does not stand on a part of a value object.`, { hint })
    }
  }
  return { kind: 'embed', object, fields: parts.map((part) => part.field) }
}

/** The type with the columns that its parts have behind a prefix: `delivery` and `city` make `delivery_city`. */
export function prefixed(type: FieldType, prefix: string): FieldType {
  if (type.kind !== 'embed') return type
  const fields = type.fields.map((part): Field => {
    return { ...part, column: `${prefix}_${part.column}`, type: prefixed(part.type, prefix) }
  })
  return { ...type, fields }
}
