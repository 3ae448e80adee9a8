import type { Node, Source } from './read-sources.ts'

/**
 * What stands in the reference for types that are there for the compiler alone. Types with parameters that say nothing to a reader lose them; the list of
 * these words opens the reference.
 */
const words: Readonly<Record<string, string>> = {
  Optional: 'true',
  Linked: 'true',
  On: 'Verb',
  Of: "'date' | 'datetime'",
  S: 'State',
  F: 'Fields',
  R: 'Relations',
  Value: 'Word',
  Column: 'Name',
  Sort: "Name | '-Name'",
  SortName: "Name | '-Name'",
  PartPath: 'PartPath',
  OnesIn: 'RelationName',
  OwnWhere: 'Condition',
  OwnCondition: 'Condition',
  Where: 'Condition',
  CoverableName: 'Name',
  Linking: 'RelationName',
  VerbOf: 'Verb',
  AnyFields: 'Fields',
  AnyRelations: 'Relations',
  Parts: 'Fields',
  ActorValues: 'ActorValues',
  Literal: 'Value',
  Written: 'Value',
  ActorRef: 'ActorValue',
  Field: 'Field',
  TypedField: 'Field',
  EntityName: 'EntityName',
  RoleName: 'RoleName',
  Named: 'Entity',
  Entity: 'Entity',
  Embedded: 'object',
  ShapeOf: 'object',
  Row: 'Row',
  RowExpr: 'Row',
  Plain: 'Value',
  C: 'Fields',
  D: 'ActorValues',
  To: 'EntityName',
  Input: 'Fields',
  Id: 'Id',
  HasOne: 'Relation',
  Many: 'Relation',
  One: 'Relation',
  OneOf: 'Relation',
  FreeNames: 'ActorValues',
  EmbedType: 'EmbedType',
  ShapeType: 'ShapeType',
  ChoiceType: 'ChoiceType',
  FormulasOf: 'Formulas',
  DefaultsOf: 'Formulas',
  InstantText: 'Instant',
  DayText: 'Day',
  ClockText: 'Clock',
  Digits: 'Digits',
  Amount: 'Amount',
  Allowed: 'Allowed',
  Signed: 'Name',
}

/** A type as the reference prints it, and the declared types that it still names. */
export interface TypeText {
  readonly text: string
  readonly names: readonly string[]
}

/** Prints a type of a source; `free` are type parameters that stay as they are. */
export function typeText(node: Node, source: Source): TypeText {
  const names = new Set<string>()
  const text = print(node, source, names)
  return { text, names: [...names] }
}

function print(node: Node, source: Source, names: Set<string>): string {
  const inner = (child: Node) => print(child, source, names)
  const raw = () => source.text.slice(node.start, node.end).replaceAll(/\s+/g, ' ')
  switch (node.type) {
    case 'TSTypeReference':
      return reference(node, source, names)
    case 'TSUnionType':
      return [...new Set((node.types as readonly Node[]).map(inner))].join(' | ')
    case 'TSIntersectionType':
      return intersection(node, inner)
    case 'TSArrayType':
      return `${bracketed(inner(node.elementType))}[]`
    case 'TSTypeOperator':
      if (node.operator === 'keyof') return 'Name'
      return node.operator === 'readonly' ? inner(node.typeAnnotation) : raw()
    case 'TSParenthesizedType':
      return inner(node.typeAnnotation)
    case 'TSTupleType':
      return `[${(node.elementTypes as readonly Node[]).map(inner).join(', ')}]`
    case 'TSNamedTupleMember':
      return `${node.label.name}: ${inner(node.elementType)}`
    case 'TSRestType':
      return `...${inner(node.typeAnnotation)}`
    case 'TSTypeLiteral':
      return `{ ${(node.members as readonly Node[]).map((member) => memberText(member, inner)).join('; ')} }`
    case 'TSMappedType':
      return `{ [name]: ${inner(node.typeAnnotation)} }`
    case 'TSFunctionType':
      return `(${(node.params as readonly Node[]).map((each) => each.name).join(', ')}) => ${inner(node.returnType.typeAnnotation)}`
    case 'TSConditionalType':
      return [...new Set([inner(node.trueType), inner(node.falseType)])].filter((each) => each !== 'never').join(' | ')
    default:
      return raw()
  }
}

function reference(node: Node, source: Source, names: Set<string>): string {
  const name: string = node.typeName.name
  const args = ((node.typeArguments?.params ?? []) as readonly Node[]).map((arg) => print(arg, source, names))
  if (name === 'NoInfer') return args[0]!
  if (name === 'Some') return `${bracketed(args[0]!)}[]`
  if (name === 'OneOrMore') return `${args[0]!} | ${bracketed(args[0]!)}[]`
  if (name === 'Readonly') return args[0]!
  if (name === 'Record') return `{ [name]: ${args[1]} }`
  if (name === 'Iterable') return `Iterable<${args[0]}>`
  if (name === 'Bare') return args[0]!
  if (name === 'NullIn' || name === 'NullOf') return 'null?'
  const word = words[name]
  if (word !== undefined) return word
  // What is not exported is there to share lines, not to be named.
  const hidden = privateAlias(name, source)
  if (hidden !== null) return print(hidden, source, names)
  names.add(name)
  return name === 'Expr' ? `${name}<${args.join(', ')}>` : name
}

function privateAlias(name: string, source: Source): Node | null {
  const found = source.body.find((node) => node.type === 'TSTypeAliasDeclaration' && node.id.name === name)
  return (found?.typeAnnotation as Node | undefined) ?? null
}

/** Intersections narrow a name, or add what the compiler needs; readers need one of them. */
function intersection(node: Node, inner: (child: Node) => string): string {
  const parts = (node.types as readonly Node[])
    .map(inner)
    .filter((part) => part !== 'string')
    .map(bracketed)
  return [...new Set(parts)]
    .filter((part, index) => index === 0 || !['Fields', 'ActorValues'].includes(part))
    .join(' & ')
}

function memberText(member: Node, inner: (child: Node) => string): string {
  const type = inner(member.typeAnnotation.typeAnnotation)
  if (member.type === 'TSIndexSignature') return `[${member.parameters[0].name}]: ${type}`
  return `${member.key.name}${member.optional ? '?' : ''}: ${type}`
}

function bracketed(text: string): string {
  return text.includes(' | ') || text.includes('=>') ? `(${text})` : text
}
