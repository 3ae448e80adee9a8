/** The instant in UTC, without its zone: a column without one would drop the offset and keep the rest. */
export function utcText(instant: string): string {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(instant)
  if (match === null) return instant
  const [, day = '', minutes = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match
  const shift = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
  const ahead = shift === null ? 0 : Number(`${shift[1]}1`) * (Number(shift[2]) * 60 + Number(shift[3] ?? 0))
  const moved = new Date(Date.parse(`${day}T${minutes}${seconds}Z`) - ahead * 60_000)
  return `${moved.toISOString().slice(0, 19)}${fraction}`
}
