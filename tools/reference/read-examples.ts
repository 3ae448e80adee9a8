import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildCatalog } from '../../migrations/index.ts'
import { loadModel } from '../../policies/index.ts'
import { operatorsOf } from '../../schema/complete/condition-field.ts'
import { createGraphqlSchema } from '../../server/graphql/create-graphql-schema.ts'
import { type Node, readSource, root, type Source } from './read-sources.ts'

/** The app whose lines are the examples of the reference. */
export const exampleApp = 'examples/language'

const mark = /\/\/ reference: ([\w.]+)\n\s*/g

/** Examples by the name of what they show: the field, property or statement below each `// reference: name`. */
export function readExamples(): ReadonlyMap<string, string> {
  const files = readdirSync(join(root, exampleApp), { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).sort()
  return new Map(sources.flatMap((file) => examplesOf(readSource(`${exampleApp}/${file}`))))
}

function examplesOf(source: Source): readonly (readonly [string, string])[] {
  return [...source.text.matchAll(mark)].map((match) => {
    const start = match.index + match[0].length
    const node = widestAt(start, source.body)
    if (node === null) throw new Error(`${source.path}: nothing stands below "// reference: ${match[1]}"`)
    const indent = /[^\n]*$/.exec(source.text.slice(0, start))![0].length
    const text = source.text.slice(start, node.end)
    return [match[1]!, text.replaceAll(new RegExp(`^ {${indent}}`, 'gm'), '')] as const
  })
}

/** The widest node that begins at an offset. */
function widestAt(start: number, nodes: unknown): Node | null {
  if (Array.isArray(nodes)) {
    for (const each of nodes) {
      const found = widestAt(start, each)
      if (found !== null) return found
    }
    return null
  }
  if (typeof nodes !== 'object' || nodes === null) return null
  const node = nodes as Node
  if (node.start === start) return node
  if (node.start > start || node.end <= start) return null
  return widestAt(start, Object.values(node))
}

/** What the example of a field becomes. */
export interface FieldFacts {
  /** Types of its columns. */
  readonly postgres: readonly string[]
  readonly graphql: string
  /** Comparisons that conditions know of it. */
  readonly comparisons: readonly string[]
}

/** By builder, what the fields of the example become in Postgres, GraphQL and conditions. */
export async function readFieldFacts(examples: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, FieldFacts>> {
  const { model } = await loadModel(join(root, exampleApp))
  const { schema } = createGraphqlSchema(model)
  const tables = buildCatalog(model).tables
  const facts = new Map<string, FieldFacts>()
  const [shop] = model.entities.filter(({ name }) => name === 'Shop')
  const columns = tables.find(({ entity }) => entity === 'Shop')?.columns ?? []
  const type = schema.getType('Shop') as { getFields(): Record<string, { readonly type: unknown }> }
  for (const field of shop?.fields ?? []) {
    const builder = [...examples].find(([, text]) => text.startsWith(`${field.name}: `))?.[0]
    if (builder === undefined || field.builtIn) continue
    const own = columns.filter(({ name }) => name === field.column || name.startsWith(`${field.column}_`))
    facts.set(builder, {
      postgres: own.map((column) => (own.length > 1 ? `${column.name} ${column.type}` : column.type)),
      // What is only written is no field of results.
      graphql: field.type.kind === 'secret' ? 'String' : String(type.getFields()[field.name]?.type).replace(/!$/, ''),
      comparisons: [...operatorsOf(field.type).keys()],
    })
  }
  return facts
}
