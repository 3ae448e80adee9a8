import { builtInField, type Entity } from '#schema'
import type { SeedRow } from './define-seed.ts'
import { valueText } from './value-text.ts'

/** So many keys are remembered; beyond them Postgres finds what is there twice. */
const most = 100_000

/** Keys of the rows of one tenant, to tell which is there twice: Postgres stops at the first one. */
export class SeenKeys {
  readonly #keys = new Map<Entity, Set<string>>()
  #count = 0

  /** Remembers the key of a row; gives it back when a row before had the same. */
  add(entity: Entity, row: SeedRow): string | null {
    if (this.#count >= most) return null
    const values = entity.key.map((name) => row[name])
    if (values.some((value) => value === undefined || value === null)) return null
    const key = wordOf(entity, values)
    const keys = this.#keys.get(entity) ?? new Set()
    if (keys.has(key)) return values.map(valueText).join(', ')
    this.#keys.set(entity, keys.add(key))
    if (++this.#count >= most) this.#keys.clear()
    return null
  }
}

function wordOf(entity: Entity, values: readonly unknown[]): string {
  // Postgres reads a uuid whatever its case.
  const isUuid = hasUuid(entity)
  const words = values.map((value) => (isUuid ? String(value).toLowerCase() : String(value)))
  return words.length === 1 ? words[0]! : JSON.stringify(words)
}

const uuids = new WeakMap<Entity, boolean>()

function hasUuid(entity: Entity): boolean {
  const known = uuids.get(entity)
  if (known !== undefined) return known
  const isUuid = builtInField(entity, 'id')?.type.kind === 'uuid'
  uuids.set(entity, isUuid)
  return isUuid
}
