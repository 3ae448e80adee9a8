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
    return withDiscriminator(withDescriptions(Object.fromEntries(entries), definitions), definitions)
  }
  return rewritten
}

/** What a property means by its name alone, wherever it stands. */
const usual: Readonly<Record<string, string>> = {
  kind: 'Which of these it is.',
  name: 'As the author calls it.',
  note: 'What the author says about it.',
  label: 'How interfaces call it, when the name will not do.',
  min: 'Least value; null: no limit.',
  max: 'Greatest value; null: no limit.',
  optional: 'Whether it may be null.',
  where: 'A condition on the row; null: every row.',
  up: 'Rows to go out: 0 is the row that the expression is about, 1 inside of a list the row that has the list.',
  to: 'Name of the entity that it leads to.',
  value: 'The value that this is about.',
  args: 'What the function is given, in order.',
  descending: 'Largest or latest first.',
}

/** Every property says what it means: by its own comment, by that of its type, or by its name. */
function withDescriptions(node: Node, definitions: Definitions): Node {
  const { properties } = node
  if (typeof properties !== 'object' || properties === null) return node
  const described = Object.entries(properties as Node).map(([name, inner]): [string, unknown] => {
    const given = inner as Node
    const text = given.description ?? definitionOf(given, definitions)?.description ?? usual[name]
    return [name, text === undefined ? given : { ...given, description: plainText(text as string) }]
  })
  return { ...node, properties: Object.fromEntries(described) }
}

/** The one named type that a property is of, if need be or null. */
function definitionOf({ $ref, anyOf }: Node, definitions: Definitions): Node | undefined {
  const [first, ...more] = Array.isArray(anyOf) ? anyOf.filter((each: Node) => each.type !== 'null') : [{ $ref }]
  const ref: unknown = more.length === 0 ? first?.$ref : undefined
  return ref === undefined ? undefined : definitions[nameOf(ref)]
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
  const each = anyOf.map((one: Node) => ('$ref' in one ? (definitions[nameOf(one.$ref)] ?? {}) : one))
  const kinds = each.map((one) => constantOf(one, 'kind'))
  if (kinds.includes(null)) return node
  if (new Set(kinds).size === kinds.length)
    return { ...rest, type: 'object', discriminator: { propertyName: 'kind' }, required: ['kind'], oneOf: anyOf }
  // All of one kind, such as facts: told apart by what they are about.
  const abouts = each.map((one) => constantOf(one, 'about'))
  if (new Set(kinds).size > 1 || abouts.includes(null) || new Set(abouts).size < abouts.length) return node
  return {
    ...rest,
    type: 'object',
    properties: { kind: { type: 'string', const: kinds[0], description: 'The same for all of these.' } },
    discriminator: { propertyName: 'about' },
    required: ['kind', 'about'],
    oneOf: anyOf,
  }
}

/** The one value of a property of an object, or of all objects of a union; null where there is none. */
function constantOf({ properties, anyOf }: Node, name: string): string | null {
  if (Array.isArray(anyOf)) {
    const [first = null, ...more] = new Set(anyOf.map((each: Node) => constantOf(each, name)))
    return more.length === 0 ? first : null
  }
  const value = (properties as Readonly<Record<string, { const?: unknown }>> | undefined)?.[name]?.const
  return typeof value === 'string' ? value : null
}
