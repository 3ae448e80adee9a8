import { type PgCodec, TYPES } from '@dataplan/pg'

/** Text of fixed length: Postgres fills it with blanks, which mean nothing. */
export const paddedCodec = {
  ...TYPES.bpchar,
  name: 'padded-text',
  domainOfCodec: TYPES.bpchar,
  fromPg: (text: string) => text.replace(/ +$/, ''),
} as unknown as PgCodec

/** An instant in a column without zone: kept in UTC. */
export const zonelessCodec = {
  ...TYPES.timestamp,
  name: 'zoneless-instant',
  domainOfCodec: TYPES.timestamp,
  fromPg: (text: string) => `${text}+00:00`,
  toPg: (instant: unknown) => utcText(String(instant)),
} as unknown as PgCodec

/** The codec of a column whose values travel otherwise than those of the usual type; null for all others. */
export function heldCodec(columnType: string): PgCodec | null {
  if (/^character\(/.test(columnType)) return paddedCodec
  if (isZoneless(columnType)) return zonelessCodec
  return columnType === 'real' ? (TYPES.float4 as unknown as PgCodec) : null
}

/** True for a column that keeps instants without their zone. */
export function isZoneless(columnType: string | null): boolean {
  return columnType !== null && /^timestamp\b.* without time zone$/.test(columnType)
}

/** The instant in UTC, without its zone: such a column would drop the offset and keep the rest. */
export function utcText(instant: string): string {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(instant)
  if (match === null) return instant
  const [, day = '', minutes = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match
  const shift = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
  const ahead = shift === null ? 0 : Number(`${shift[1]}1`) * (Number(shift[2]) * 60 + Number(shift[3] ?? 0))
  const moved = new Date(Date.parse(`${day}T${minutes}${seconds}Z`) - ahead * 60_000)
  return `${moved.toISOString().slice(0, 19)}${fraction}`
}
