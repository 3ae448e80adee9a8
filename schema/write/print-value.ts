import { Bug } from '#base'
import {
  type ActorRefDeclaration,
  type ChoiceTypeDeclaration,
  type ClaimDeclaration,
  type EmbedTypeDeclaration,
  type ExceptDeclaration,
  type FieldDeclaration,
  kindOf,
  type MayDeclaration,
  type MomentDeclaration,
  type MoneyDeclaration,
  type OwnDeclaration,
  type ReachDeclaration,
  type RelationDeclaration,
  type RowRefDeclaration,
  type ShapeTypeDeclaration,
  type WordDeclaration,
} from '../dsl/declaration.ts'
import { printCode } from './print-code.ts'
import { printKey, printString } from './print-text.ts'
import type { Imports, Printing } from './printing.ts'
import { codeOf } from './written-formulas.ts'

/** A call of a function of the language. */
export interface WrittenCall {
  readonly name: string
  readonly args: readonly unknown[]
}

/** Widest line. */
const maxWidth = 120

/** A value as TypeScript: in one line where it fits behind `indent` blanks and `before` further characters. */
export function printValue(value: unknown, printing: Printing, indent = 0, before = 0): string {
  const code = typeof value === 'function' ? codeOf(value) : null
  if (code !== null) return printCode(code, printing, indent, before)
  const flat = printFlat(value, printing)
  if (indent + before + flat.length <= maxWidth && !flat.includes('\n')) return flat
  return printTall(value, printing, indent)
}

function printFlat(value: unknown, printing: Printing): string {
  const name = printing.named(value)
  if (name !== null) return name
  const code = typeof value === 'function' ? codeOf(value) : null
  if (code !== null) return printCode(code, printing, Number.NEGATIVE_INFINITY)
  const call = callOf(value, printing)
  if (typeof call === 'string') return call
  if (call !== null) return `${call.name}(${call.args.map((each) => printFlat(each, printing)).join(', ')})`
  if (Array.isArray(value)) return `[${value.map((each) => printFlat(each, printing)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return printScalar(value)
  const entries = Object.entries(value).map(([key, inner]) => `${printKey(key)}: ${printFlat(inner, printing)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function printTall(value: unknown, printing: Printing, indent: number): string {
  const call = callOf(value, printing)
  if (call !== null && typeof call !== 'string') return tallCall(call, printing, indent)
  const inside = indent + 2
  const pad = ' '.repeat(inside)
  const close = ' '.repeat(indent)
  if (Array.isArray(value)) {
    const items = value.map((each) => `${pad}${printValue(each, printing, inside, 1)},\n`)
    return `[\n${items.join('')}${close}]`
  }
  if (typeof value !== 'object' || value === null) return printFlat(value, printing)
  const entries = Object.entries(value).map(([key, inner]) => {
    const start = `${printKey(key)}: `
    return `${pad}${start}${printValue(inner, printing, inside, start.length + 1)},\n`
  })
  return `{\n${entries.join('')}${close}}`
}

/** All arguments but the last in the first line, the last one opened. */
function tallCall({ name, args }: WrittenCall, printing: Printing, indent: number): string {
  const last = args.at(-1)
  const first = args.slice(0, -1).map((each) => `${printFlat(each, printing)}, `)
  return `${name}(${first.join('')}${last === undefined ? '' : printTall(last, printing, indent)})`
}

/** The call that makes a declaration, the words that stand for it, or null for plain data. */
function callOf(value: unknown, { imports }: Printing): WrittenCall | string | null {
  const kind = kindOf(value)
  if (kind === null) return null
  const schema = (name: string): string => {
    imports.use('rowhouse/schema', name)
    return name
  }
  switch (kind) {
    case 'field':
      return fieldCall(value as FieldDeclaration, schema)
    case 'choiceType': {
      const { name, values } = value as ChoiceTypeDeclaration
      return { name: schema('choiceType'), args: [name, values] }
    }
    case 'relation': {
      const { kind: word, to, options } = value as RelationDeclaration
      return { name: schema(word), args: [to, ...given(options)] }
    }
    case 'embedType': {
      const { name, fields } = value as EmbedTypeDeclaration
      return { name: schema('embedType'), args: [name, fields] }
    }
    case 'shapeType': {
      const { name, parts } = value as ShapeTypeDeclaration
      return { name: schema('shapeType'), args: [name, parts] }
    }
    case 'moment': {
      const { way, span } = value as MomentDeclaration
      if (way !== 'now') return { name: schema(way), args: [span] }
      imports.use('rowhouse/policies', 'now')
      return 'now'
    }
    case 'rowRef':
      return { name: schema('row'), args: [(value as RowRefDeclaration).name] }
    case 'itsRef':
    case 'wasRef': {
      const name = kind === 'itsRef' ? 'its' : 'was'
      imports.use('rowhouse/policies', name)
      return { name, args: [(value as RowRefDeclaration).name] }
    }
    case 'may':
      imports.use('rowhouse/policies', 'may')
      return { name: 'may', args: [(value as MayDeclaration).verb] }
    case 'money': {
      const { currency, amount } = value as MoneyDeclaration
      return { name: schema('amount'), args: [currency, amount] }
    }
    default:
      return policyCall(kind, value, imports)
  }
}

function policyCall(kind: string, value: unknown, imports: Imports): WrittenCall | string {
  switch (kind) {
    case 'word': {
      const { word } = value as WordDeclaration
      imports.use('rowhouse/policies', word)
      return word
    }
    case 'except':
      imports.use('rowhouse/policies', 'everyoneExcept')
      return { name: 'everyoneExcept', args: (value as ExceptDeclaration).roles }
    case 'actorRef':
      imports.use('./actor.ts', 'actor')
      return `actor.${(value as ActorRefDeclaration).name}`
    case 'reach': {
      const { to, options } = value as ReachDeclaration
      return { name: 'reach', args: [to, options] }
    }
    case 'own':
      return { name: 'own', args: [(value as OwnDeclaration).field] }
    case 'claim':
      return { name: 'claim', args: [(value as ClaimDeclaration).field] }
    default:
      throw new Bug(`A declaration of kind "${kind}" cannot be printed.`)
  }
}

function fieldCall(
  { builder, options, values, of, parts }: FieldDeclaration,
  schema: (name: string) => string,
): WrittenCall {
  const first = [values, of, parts].filter((each) => each !== undefined)
  return { name: schema(builder), args: [...first, ...given(options)] }
}

function given(options: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.keys(options).length === 0 ? [] : [options]
}

function printScalar(value: unknown): string {
  if (typeof value === 'string') return printString(value)
  if (typeof value === 'bigint') return `${value}n`
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Bug(`A ${typeof value} cannot be printed.`)
}
