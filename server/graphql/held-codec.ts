import { type PgCodec, TYPES } from '@dataplan/pg'
import { isZoneless } from '#schema'
import { utcText } from '../structures/utc-text.ts'

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
  if (isZoneless({ columnType })) return zonelessCodec
  return columnType === 'real' ? (TYPES.float4 as unknown as PgCodec) : null
}
