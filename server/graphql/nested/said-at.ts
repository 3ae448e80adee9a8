import type { RowPlace } from './write-plan.ts'

/** Where the caller said a field of a row: `order.lines.create.2.quantity`; of the row that the mutation is about its name alone. */
export function saidAt({ at, isRoot, said }: RowPlace, name: string): string {
  const elsewhere = said.get(name)
  if (elsewhere === undefined) return isRoot ? name : `${at}.${name}`
  return elsewhere === '' ? at : `${at}.${elsewhere}`
}
