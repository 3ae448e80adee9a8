import { type Entity, isShared, tenantColumnOf } from '#schema'
import { plainText } from './copy-text.ts'
import type { SeedRow, SeedValue } from './define-seed.ts'
import { isPlain, wordsOf } from './row-columns.ts'

/** How rows that say the same words become columns: worked out once, for there may be millions of them. */
export interface RowShape {
  /** Sorted. */
  readonly columns: readonly string[]
  readonly cells: readonly Cell[]
}

/** Where the value of a column comes from. */
interface Cell {
  readonly column: string
  /** The word of the row; null for the tenant. */
  readonly name: string | null
  /** Keys and numbers, which a row has to say. */
  readonly isNeeded: boolean
}

/** The shape of rows with these words; null where a row needs more than to be written down. */
export function rowShape(entity: Entity, names: readonly string[], tenant: string | null): RowShape | null {
  if (isShared(entity) || entity.tenancy === 'self') return null
  const needed = [...entity.key, ...wordsOf(entity).numbers]
  if (!needed.every((name) => names.includes(name))) return null
  const cells: Cell[] = []
  for (const name of names) {
    const column = plainColumn(entity, name)
    if (column === null) return null
    cells.push({ column, name, isNeeded: needed.includes(name) })
  }
  const pinned = tenant === null ? null : tenantColumnOf(entity)
  if (pinned !== null) cells.push({ column: pinned, name: null, isNeeded: false })
  cells.sort((a, b) => (a.column < b.column ? -1 : 1))
  return { columns: cells.map(({ column }) => column), cells }
}

/** The row as `copy` reads it; null where a value is not a plain one, and has to be looked at. */
export function plainLine({ cells }: RowShape, row: SeedRow, tenant: string | null): string | null {
  const texts: string[] = []
  for (const { name, isNeeded } of cells) {
    const text = plainCell(name === null ? tenant : row[name], isNeeded)
    if (text === null) return null
    texts.push(text)
  }
  return texts.join('\t')
}

function plainCell(value: SeedValue | undefined, isNeeded: boolean): string | null {
  switch (typeof value) {
    case 'string': {
      const written = plainText(value)
      return written.ok ? written.text : null
    }
    case 'number':
      return Number.isFinite(value) ? String(value) : null
    case 'boolean':
      return value ? 't' : 'f'
    default:
      return value === null && !isNeeded ? '\\N' : null
  }
}

/** The column of a word that is one as it is. */
function plainColumn(entity: Entity, name: string): string | null {
  const { fields, relations } = wordsOf(entity)
  const field = fields.get(name)
  if (field !== undefined) return isPlain(field) ? field.column : null
  const relation = relations.get(name)
  return relation?.kind === 'one' ? relation.column : null
}
