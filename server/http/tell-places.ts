import { RequestError } from '#base'
import { saidAt } from '../graphql/nested/said-at.ts'
import type { PlacedFault, RefusedPlaces } from '../refused-places.ts'

/**
 * What a caller may know of rows that are refused: of each what it would be told if the row were written alone, with its place in the input. Null
 * when that is nothing for one of them.
 */
export function tellPlaces(
  { faults }: RefusedPlaces,
  translate: (error: unknown) => RequestError | null,
): RequestError | null {
  const rows = faults.map((fault) => placed(fault, translate(fault.error)))
  const known = rows.filter((row) => row !== null)
  const [first] = known
  if (first === undefined || known.length < rows.length) return null
  const { code, message, extensions } = first.error
  if (known.length === 1 && first.fault.place.isRoot) return first.error
  const fields = known.flatMap(({ error }) => (error.extensions.fields ?? []) as readonly string[])
  const count = known.length === 1 ? '' : `${known.length} rows are refused. `
  return new RequestError(code, `${count}${withPlace(message, first.fault)}`, {
    ...extensions,
    ...(fields.length === 0 ? {} : { fields }),
    rows: known.map(toldRow),
  })
}

interface Told {
  readonly fault: PlacedFault
  readonly error: RequestError
}

function placed(fault: PlacedFault, error: RequestError | null): Told | null {
  if (error === null) return null
  const { place } = fault
  const given = error.extensions.fields
  // A row that is connected has no field by which it is said.
  const names = Array.isArray(given) ? (given as readonly string[]) : null
  if (names === null && (error.code !== 'NOT_FOUND' || place.isRoot)) return { fault, error }
  const fields = names === null || names.length === 0 ? wholeRow(fault) : names.map((name) => saidAt(place, name))
  const renamed = (names ?? []).filter((name) => place.said.has(name))
  const message = renamed.reduce(
    (text, name) => text.replaceAll(`"${name}"`, `"${saidAt(place, name)}"`),
    error.message,
  )
  return { fault, error: new RequestError(error.code, message, { ...error.extensions, fields }) }
}

function wholeRow({ place }: PlacedFault): readonly string[] {
  return place.isRoot ? [] : [place.at]
}

function withPlace(message: string, { place }: PlacedFault): string {
  return place.isRoot || message.includes(`"${place.at}`) ? message : `"${place.at}": ${message}`
}

function toldRow({ fault: { place }, error: { code, message, extensions } }: Told) {
  const at = place.index === null ? { at: place.at } : { index: place.index }
  return { ...at, code, message, ...extensions }
}
