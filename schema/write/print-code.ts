import type { Code } from './formula-code.ts'
import { printKey } from './print-text.ts'
import type { Printing } from './printing.ts'

/** Widest line. */
const maxWidth = 120

/** Code as TypeScript: in one line where it fits behind `indent` blanks and `before` further characters. */
export function printCode(code: Code, printing: Printing, indent = 0, before = 0): string {
  const flat = printFlat(code, printing)
  if (indent + before + flat.length <= maxWidth) return flat
  return printTall(code, printing, indent)
}

function printFlat(code: Code, printing: Printing): string {
  const flat = (inner: Code): string => printFlat(inner, printing)
  switch (code.kind) {
    case 'row':
      return code.name
    case 'member':
      return `${flat(code.of)}.${code.name}`
    case 'constant':
      return used(code.name, printing)
    case 'call':
      return forced(code, `${used(code.name, printing)}(${code.args.map(flat).join(', ')})`)
    case 'method':
      return forced(code, `${flat(code.of)}.${code.name}(${code.args.map(flat).join(', ')})`)
    case 'arrow':
      return `(${code.row}) => ${flat(code.body)}`
    case 'list':
      return `[${code.items.map(flat).join(', ')}]`
    case 'record':
      return `{ ${code.entries.map(([key, value]) => `${printKey(key)}: ${flat(value)}`).join(', ')} }`
    case 'data':
      return forced(code, printing.data(code.value, printing, Number.NEGATIVE_INFINITY))
  }
}

function printTall(code: Code, printing: Printing, indent: number): string {
  const inside = indent + 2
  const lines = (parts: readonly string[]): string => parts.map((each) => `${' '.repeat(inside)}${each},\n`).join('')
  const close = ' '.repeat(indent)
  const tall = (items: readonly Code[]): string =>
    `\n${lines(items.map((each) => printCode(each, printing, inside, 1)))}${close}`
  switch (code.kind) {
    case 'row':
    case 'member':
    case 'constant':
      return printFlat(code, printing)
    case 'call':
      return forced(code, `${used(code.name, printing)}(${tall(code.args)})`)
    case 'method':
      return forced(code, `${printFlat(code.of, printing)}.${code.name}(${tall(code.args)})`)
    case 'arrow':
      return `(${code.row}) => ${printTall(code.body, printing, indent)}`
    case 'list':
      return `[${tall(code.items)}]`
    case 'record': {
      const entries = code.entries.map(([key, value]) => {
        const start = `${printKey(key)}: `
        return `${start}${printCode(value, printing, inside, start.length + 1)}`
      })
      return `{\n${lines(entries)}${close}}`
    }
    case 'data':
      return forced(code, printing.data(code.value, printing, indent))
  }
}

/** What the types of the language do not foresee is said to fit, with every call around it; the loader decides whether it does. */
function forced(code: Code, text: string): string {
  return isForced(code) ? `${text} as never` : text
}

function isForced(code: Code): boolean {
  switch (code.kind) {
    case 'data':
      return code.isForced
    case 'call':
    case 'method':
      return code.args.some(isForced)
    case 'list':
      return code.items.some(isForced)
    case 'record':
      return code.entries.some(([, value]) => isForced(value))
    case 'row':
    case 'member':
    case 'constant':
      return false
    case 'arrow':
      return isForced(code.body)
  }
}

function used(name: string, { imports }: Printing): string {
  imports.use('rowhouse/schema', name)
  return name
}
