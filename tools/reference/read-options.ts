import { type Declaration, docBefore, type Node, resolve, type Source } from './read-sources.ts'
import { typeText } from './type-text.ts'

/** A property or function of an options interface. */
export interface Option {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  /** Null where nothing is said: the check fails then. */
  readonly doc: string | null
  /** `path:line`, for complaints. */
  readonly place: string
}

/** An interface or a type that authors fill in. */
export interface Options {
  readonly name: string
  readonly doc: string | null
  readonly place: string
  /** Empty for a type that is no interface. */
  readonly options: readonly Option[]
  /** Names that an inherited interface has and this one refuses. */
  readonly refused: readonly string[]
  /** The interfaces that it goes on from. */
  readonly extends: readonly string[]
  /** What a type that is no interface stands for. */
  readonly text: string | null
  /** Declared types that the options name. */
  readonly names: readonly { readonly name: string; readonly source: Source }[]
}

/** `path:line` of a node. */
export function placeOf(source: Source, start: number): string {
  return `${source.path}:${source.text.slice(0, start).split('\n').length}`
}

/** Reads what an interface or a type alias of the language offers. */
export function readOptions(declaration: Declaration): Options {
  const { name, node, source, doc } = declaration
  const head = { name, doc, place: placeOf(source, node.start) }
  if (node.type === 'TSTypeAliasDeclaration') {
    const { text, names } = typeText(node.typeAnnotation, source)
    return {
      ...head,
      options: [],
      refused: [],
      extends: [],
      text,
      names: names.map((each) => ({ name: each, source })),
    }
  }
  const bases = ((node.extends ?? []) as readonly Node[]).map(({ expression }) => expression.name as string)
  const own = (node.body.body as readonly Node[]).filter(({ computed }) => computed !== true)
  const [refused, offered] = [own.filter(isRefused), own.filter((member) => !isRefused(member))]
  const read = offered.map((member) => readMember(member, source))
  const inherited = bases.map((base) => resolve(base, source)).filter((base) => base !== null)
  // What is not exported is there to share lines, not to be named.
  const shared = inherited.filter((base) => !isExported(base)).map(readOptions)
  return {
    ...head,
    options: [...read.map(({ option }) => option), ...shared.flatMap(({ options }) => options)],
    refused: refused.map(({ key }) => key.name as string),
    extends: [...inherited.filter(isExported).map((base) => base.name), ...shared.flatMap((base) => base.extends)],
    text: null,
    names: [
      ...read.flatMap(({ names }) => names.map((each) => ({ name: each, source }))),
      ...inherited.filter(isExported).map((base) => ({ name: base.name, source })),
      ...shared.flatMap(({ names }) => names),
    ],
  }
}

function isExported({ node, source }: Declaration): boolean {
  return source.body.some(({ type, declaration }) => type === 'ExportNamedDeclaration' && declaration === node)
}

function isRefused(member: Node): boolean {
  return member.typeAnnotation?.typeAnnotation.type === 'TSNeverKeyword'
}

function readMember(member: Node, source: Source): { readonly option: Option; readonly names: readonly string[] } {
  const place = placeOf(source, member.start)
  const doc = docBefore(source, member.start)
  if (member.type === 'TSMethodSignature') {
    const params = (member.params as readonly Node[]).map((each) => parameterText(each, source))
    const gives = typeText(member.returnType.typeAnnotation, source)
    const name = `${member.key.name}(${params.map(({ text }) => text).join(', ')})`
    return {
      option: { name, type: gives.text, isRequired: false, doc, place },
      names: [...params, gives].flatMap(({ names }) => names),
    }
  }
  const { text, names } = typeText(member.typeAnnotation.typeAnnotation, source)
  const name = member.type === 'TSIndexSignature' ? 'any other name' : (member.key.name as string)
  const isRequired = member.optional !== true && member.type !== 'TSIndexSignature'
  return { option: { name, type: text, isRequired, doc, place }, names }
}

/** `options?: TextOptions` */
export function parameterText(
  param: Node,
  source: Source,
): { readonly text: string; readonly names: readonly string[] } {
  const isRest = param.type === 'RestElement'
  const id = isRest ? (param.argument as Node) : param
  const { text, names } = typeText((param.typeAnnotation ?? id.typeAnnotation).typeAnnotation, source)
  const name = (id.name as string).replace(/^_/, '')
  return { text: `${isRest ? '...' : ''}${name}${id.optional === true ? '?' : ''}: ${text}`, names }
}
