import type { ColumnField } from './field-of-column.ts'
import type { FoundColumn } from './found-database.ts'
import { type CheckPart, parseCheck } from './parse-check.ts'

/** What a check says of one column, in the words of its field. */
export type Limit =
  | { readonly kind: 'min' | 'max'; readonly column: string; readonly value: string }
  | { readonly kind: 'values'; readonly column: string; readonly values: readonly string[] }

/** A column with the field that is kept there. */
export interface FieldedColumn {
  readonly column: FoundColumn
  readonly field: ColumnField
}

/** The limits that a check comes to, all of them; null where it says anything else. */
export function limitsOfCheck(
  expression: string,
  columns: ReadonlyMap<string, FieldedColumn>,
): readonly Limit[] | null {
  const part = parseCheck(expression)
  return part === null ? null : limitsOf(part, columns)
}

type Columns = ReadonlyMap<string, FieldedColumn>

function limitsOf(part: CheckPart, columns: Columns): readonly Limit[] | null {
  switch (part.kind) {
    case 'all': {
      const all = part.of.map((each) => limitsOf(each, columns))
      return all.every((each) => each !== null) ? all.flat() : null
    }
    case 'any':
      return alternatives(part.of)
    case 'within':
      return valuesOf(part.left, part.values, columns)
    case 'compare':
      return part.op === '=' ? valuesOf(part.left, [part.right], columns) : bound(part, columns)
    default:
      return null
  }

  /** `status = 'a' or status = 'b'` */
  function alternatives(of: readonly CheckPart[]): readonly Limit[] | null {
    const each = of.map((one) => limitsOf(one, columns))
    const lists = each.flatMap((limits) => (limits?.length === 1 && limits[0]!.kind === 'values' ? [limits[0]!] : []))
    const [first] = lists
    if (first === undefined || lists.length !== of.length) return null
    if (!lists.every(({ column }) => column === first.column)) return null
    return [{ ...first, values: [...new Set(lists.flatMap(({ values }) => values))] }]
  }
}

function valuesOf(left: CheckPart, values: readonly CheckPart[], columns: Columns): readonly Limit[] | null {
  const found = columnOf(left, columns)
  const isText = found !== null && ['text', 'string'].includes(found.field.builder) && !isBlankPadded(found)
  const texts = values.flatMap((value) => (value.kind === 'text' ? [value.value] : []))
  if (found === null || !isText || texts.length !== values.length) return null
  return [{ kind: 'values', column: found.column.name, values: [...new Set(texts)] }]
}

function bound(part: Extract<CheckPart, { kind: 'compare' }>, columns: Columns): readonly Limit[] | null {
  const { left, op, right } = part
  if (isLiteral(left) && !isLiteral(right)) {
    const turned = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '<>': '<>' }[op]
    return turned === undefined ? null : bound({ kind: 'compare', left: right, op: turned, right: left }, columns)
  }
  if (left.kind === 'call') return lengthBound(left, op, right, columns)
  const found = columnOf(left, columns)
  if (found === null) return null
  if (op === '<>') return notEmpty(found, right)
  return right.kind === 'number' || right.kind === 'text' ? numberBound(found, op, right.value) : null
}

function isLiteral({ kind }: CheckPart): boolean {
  return kind === 'text' || kind === 'number'
}

/** `name <> ''` */
function notEmpty(found: FieldedColumn, right: CheckPart): readonly Limit[] | null {
  const isText = ['text', 'string'].includes(found.field.builder) && !isBlankPadded(found)
  if (!isText || right.kind !== 'text' || right.value !== '') return null
  return [{ kind: 'min', column: found.column.name, value: '1' }]
}

/** `char_length(name) >= 2` */
function lengthBound(
  { name, args }: Extract<CheckPart, { kind: 'call' }>,
  op: string,
  right: CheckPart,
  columns: Columns,
): readonly Limit[] | null {
  const found = args.length === 1 ? columnOf(args[0]!, columns) : null
  const isText = found !== null && ['text', 'string'].includes(found.field.builder) && !isBlankPadded(found)
  if (!isText || !['char_length', 'length', 'character_length'].includes(name)) return null
  return right.kind === 'number' ? wholeBound(found.column.name, op, right.value) : null
}

function numberBound({ column, field }: FieldedColumn, op: string, value: string): readonly Limit[] | null {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return null
  if (field.builder === 'int' || field.builder === 'int64') return wholeBound(column.name, op, value)
  if (field.builder !== 'decimal' && field.builder !== 'float') return null
  if (op !== '>=' && op !== '<=') return null
  return [{ kind: op === '>=' ? 'min' : 'max', column: column.name, value }]
}

/** Of whole numbers `> 0` is `>= 1`. */
function wholeBound(column: string, op: string, value: string): readonly Limit[] | null {
  if (!/^-?\d+$/.test(value)) return null
  const step = op === '>' ? 1n : op === '<' ? -1n : 0n
  const kind = op.startsWith('>') ? 'min' : 'max'
  if (!/^[<>]=?$/.test(op)) return null
  return [{ kind, column, value: String(BigInt(value) + step) }]
}

/** Casts that change no value. */
const harmless: ReadonlySet<string> = new Set(['text', 'numeric', 'bigint', 'integer'])

function columnOf(part: CheckPart, columns: Columns): FieldedColumn | null {
  if (part.kind !== 'column') return null
  const found = columns.get(part.name) ?? null
  if (found === null || part.cast === null) return found
  const isWidened = part.cast === 'integer' ? found.column.type === 'smallint' : harmless.has(part.cast)
  return isWidened ? found : null
}

/** Blanks at the end of `character(n)` count for nothing in comparisons. */
function isBlankPadded({ column }: FieldedColumn): boolean {
  return column.type.startsWith('character(')
}
