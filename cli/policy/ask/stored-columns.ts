import type { RowValue } from '#policies'
import { columnFields, type Entity, periodText, toOnesOf } from '#schema'

/** Values by column, as `jsonb_populate_record` reads them: amounts in their smallest unit, periods as ranges. */
export function storedColumns(
  entity: Entity,
  values: Readonly<Record<string, RowValue>>,
): Readonly<Record<string, RowValue>> {
  const ones = new Map(toOnesOf(entity).map(({ name, column }) => [name, column]))
  const fields = new Map(columnFields(entity).map((field) => [field.name, field]))
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = fields.get(name)
      return [field?.column ?? ones.get(name) ?? name, field === undefined ? value : stored(value, field.type)]
    }),
  )
}

function stored(value: RowValue, type: ReturnType<typeof columnFields>[number]['type']): RowValue {
  if (value === null) return null
  if (type.kind === 'secret') return standIn[type.keep]
  if (type.kind === 'money' && type.minor) return inMinorUnits(String(value as string | number), type.scale)
  if (type.kind !== 'period' || typeof value !== 'object' || Array.isArray(value)) return value
  const { from = null, to = null } = value as Readonly<Record<string, RowValue>>
  return periodText(type.of, { from: from as string | null, to: to as string | null }) ?? value
}

/** What is asked is whether the secret may be written: any that Postgres takes will do, for nothing of it is kept. */
const standIn = {
  hash: '00000000-0000-4000-8000-000000000000:$argon2id$asked',
  encrypted: '00000000-0000-8000-8000-000000000000:$aes256gcm$asked',
} as const

/** `12.5` with two digits is `1250`; what is no amount stays for Postgres to refuse. */
function inMinorUnits(text: string, scale: number): string {
  const [, sign, whole, part = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined || part.length > scale) return text
  return `${sign}${whole}${part.padEnd(scale, '0')}`
}
