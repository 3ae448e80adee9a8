import { parameterText, placeOf } from './read-options.ts'
import { type Declaration, exportsOf, type Node, type Source } from './read-sources.ts'
import { typeText } from './type-text.ts'

/** The entries that apps import, with the files that say what is in them. */
export const entries = {
  'rowhouse/schema': 'schema/public.ts',
  'rowhouse/policies': 'policies/public.ts',
  rowhouse: 'server/public.ts',
} as const

/** Name of an entry. */
export type Entry = keyof typeof entries

/** A function or word that apps call. */
export interface Builder {
  readonly name: string
  readonly entry: Entry
  readonly doc: string | null
  readonly place: string
  /** `string(options?: TextOptions)`; of a word its name alone. */
  readonly call: string
  /** What it gives back: `Field`. */
  readonly gives: string
  /** Of a field, what its values are in TypeScript. */
  readonly holds: string | null
  /** `T: Num | null`, where the call speaks of types of its own. */
  readonly variables: readonly string[]
  /** Declared types that the call names. */
  readonly names: readonly { readonly name: string; readonly source: Source }[]
}

/** A type that apps import. */
export interface ExportedType {
  readonly entry: Entry
  readonly declaration: Declaration
}

/** Everything that apps import: what they call, and types. */
export function readEntries(): { readonly builders: readonly Builder[]; readonly types: readonly ExportedType[] } {
  const all = Object.entries(entries).flatMap(([entry, path]) =>
    exportsOf(path).map((declaration) => ({ entry: entry as Entry, declaration })),
  )
  const isType = ({ declaration }: ExportedType) => declaration.node.type.startsWith('TS')
  return {
    builders: all.filter((each) => !isType(each)).map(({ entry, declaration }) => readBuilder(entry, declaration)),
    types: all.filter(isType),
  }
}

function readBuilder(entry: Entry, { name, node, source, doc }: Declaration): Builder {
  const head = { name, entry, doc, place: placeOf(source, node.start) }
  if (node.type === 'VariableDeclarator') {
    const type = node.id.typeAnnotation.typeAnnotation as Node
    const given = typeText(type, source)
    return { ...head, call: name, gives: given.text, holds: null, variables: [], names: [] }
  }
  const params = (node.params as readonly Node[]).map((param) => parameterText(param, source))
  const call = `${name}(${params.map(({ text }) => text).join(', ')})`
  const gives = node.returnType.typeAnnotation as Node
  const given = typeText(gives, source)
  const variables = ((node.typeParameters?.params ?? []) as readonly Node[])
    .filter(({ constraint }) => constraint !== null)
    .map((each) => ({ name: each.name.name as string, ...typeText(each.constraint, source) }))
    .filter((each) => new RegExp(`\\b${each.name}\\b`).test(call))
  return {
    ...head,
    call,
    gives: given.text,
    holds: gives.typeName?.name === 'Field' ? typeText(gives.typeArguments.params[0], source).text : null,
    variables: variables.map(({ name: variable, text }) => `${variable}: ${text}`),
    names: [...params, given].flatMap(({ names }) => names.map((each) => ({ name: each, source }))),
  }
}
