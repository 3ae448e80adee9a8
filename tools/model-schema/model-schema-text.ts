import { join } from 'node:path'
import { createGenerator } from 'ts-json-schema-generator'

const root = join(import.meta.dirname, '../..')

type Node = Readonly<Record<string, unknown>>

/**
 * JSON Schema 2020-12 of `Model`, from `schema/model/model.ts` and its doc comments. Unions that are told apart by `kind` carry
 * `discriminator`, which validators may use for better messages and others ignore.
 */
export function modelSchemaText(): string {
  const { definitions } = createGenerator({
    path: join(root, 'schema/model/model.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    type: 'Model',
    expose: 'export',
    topRef: true,
    jsDoc: 'extended',
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema('Model')
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:rowhouse:model:1',
    title: 'Rowhouse Model',
    $ref: '#/$defs/Model',
    $defs: rewriter(definitions as Definitions)(definitions),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

type Definitions = Readonly<Record<string, Node>>

/** Draft 7 as the generator writes it → 2020-12, with plain descriptions. */
function rewriter(definitions: Definitions): (value: unknown) => unknown {
  const rewritten = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewritten)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value as Node).map(([key, inner]): [string, unknown] => {
      if (key === '$ref') return [key, `#/$defs/${nameOf(inner)}`]
      if (key === 'description' && typeof inner === 'string') return [key, plainText(inner)]
      return [key, rewritten(inner)]
    })
    return withDiscriminator(Object.fromEntries(entries), definitions)
  }
  return rewritten
}

/** `#/definitions/Entity` → `Entity` */
function nameOf(ref: unknown): string {
  return decodeURIComponent(String(ref)).replace(/^.*\//, '')
}

/** `{@link ModelPath}` → `ModelPath`; one line. */
function plainText(text: string): string {
  return text
    .replaceAll(/\{\s*@link\s+(\w+)\s*\}/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(' .', '.')
    .trim()
}

function withDiscriminator(node: Node, definitions: Definitions): Node {
  const { anyOf, ...rest } = node
  if (!Array.isArray(anyOf)) return node
  const kinds = anyOf.map((each: Node) => kindOf('$ref' in each ? (definitions[nameOf(each.$ref)] ?? {}) : each))
  if (kinds.includes(null)) return node
  return { ...rest, type: 'object', discriminator: { propertyName: 'kind' }, required: ['kind'], oneOf: anyOf }
}

/** The one `kind` of an object, or null. */
function kindOf(node: Node): string | null {
  const kind = (node as { properties?: { kind?: { const?: unknown } } }).properties?.kind?.const
  return typeof kind === 'string' ? kind : null
}
