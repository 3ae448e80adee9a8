import { oneLine } from '../explain/line.ts'
import type { Matrix, MatrixCell, MatrixEntity, MatrixRule } from './matrix.ts'

/** A matrix as tables for a terminal; rules are numbers there and told below. */
export function matrixText(matrix: Matrix): string {
  const legend =
    'always: every row. 1, 2: where one of these rules allows it. not 3: but where this rule forbids it. *: some fields only. -: never.'
  return [...matrix.entities.map((entity) => entityText(entity, matrix)), legend, ''].join('\n')
}

function entityText({ entity, verbs }: MatrixEntity, { callers }: Matrix): string {
  const numbers = new Map<string, number>()
  const fieldsOf = new Map<string, string | null>()
  const numberOf = ({ title, fields }: MatrixRule): number => {
    fieldsOf.set(title, fields)
    const known = numbers.get(title) ?? numbers.size + 1
    numbers.set(title, known)
    return known
  }
  const rows = verbs.map(({ verb, cells }) => [verb, ...cells.map((cell) => cellText(cell, numberOf))])
  const table = aligned([[entity, ...callers.map(({ name }) => name)], ...rows])
  const told = [...numbers].map(([title, number]) => {
    const fields = fieldsOf.get(title) ?? null
    return `  ${String(number).padStart(2)}  ${title}${fields === null ? '' : ` (${fields})`}`
  })
  return [...table, ...told, '']
    .map(oneLine)
    .map((text) => text.trimEnd())
    .join('\n')
}

function cellText({ answer, allowing, denying, fields }: MatrixCell, numberOf: (rule: MatrixRule) => number): string {
  const some = fields === null ? '' : '*'
  if (answer === 'never') return '-'
  if (answer === 'always') return fields === null ? 'always' : `${allowing.map(numberOf).join(', ')}${some}`
  const list = (rules: readonly MatrixRule[]) => rules.map(numberOf).join(', ')
  return `${list(allowing)}${some}${denying.length === 0 ? '' : ` not ${list(denying)}`}`
}

/** Columns as wide as their widest word. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => Array.from(row[at]!).length)))
  return rows.map((row) => row.map((text, at) => text + ' '.repeat(widths[at]! - Array.from(text).length)).join('  '))
}
