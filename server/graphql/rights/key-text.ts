import type { FieldType } from '#schema'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A key as Postgres writes it; null for what no row can have as its key. */
export function keyText({ kind }: FieldType, id: string): string | null {
  switch (kind) {
    case 'uuid': {
      const text = id.toLowerCase()
      return uuid.test(text) ? text : null
    }
    case 'int':
    case 'int64': {
      if (!/^-?\d{1,19}$/.test(id)) return null
      const value = BigInt(id)
      return BigInt.asIntN(kind === 'int' ? 32 : 64, value) === value ? value.toString() : null
    }
    default:
      return id.includes('\0') || !id.isWellFormed() ? null : id
  }
}

/** Kinds of keys of which every value has one text. */
export function hasKeyText({ kind }: FieldType): boolean {
  return ['uuid', 'int', 'int64', 'text', 'choice'].includes(kind)
}
