import { type OrderedPart, orderedParts } from '#migrations'
import { builtInField, type Entity, type Model } from '#schema'
import type { SeedValue } from './define-seed.ts'
import type { PlannedRow } from './plan-seed.ts'
import { valueText } from './value-text.ts'

/** Counts rows of one table within their wholes, from 1 on, in the order of the seed: where there were none before. */
export class Places {
  readonly #parts: readonly Part[]
  /** Columns with places, by those without. */
  readonly #columns = new Map<readonly string[], readonly string[]>()
  #tenant: string | null = null

  /** Null where rows have no places. */
  static of(entity: Entity, model: Model): Places | null {
    const parts = orderedParts(entity).map((relation) => ({
      relation,
      isUuid: leadsToUuid(relation, model),
      counts: new Map(),
    }))
    return parts.length === 0 ? null : new Places(parts)
  }

  private constructor(parts: readonly Part[]) {
    this.#parts = parts
  }

  /** The row with its places. */
  placed(row: PlannedRow): PlannedRow {
    // Other wholes, though they may have the same keys.
    if (row.tenant !== this.#tenant) for (const { counts } of this.#parts) counts.clear()
    this.#tenant = row.tenant
    const places = this.#parts.map((part) => nextPlace(part, row.given[part.relation.name]))
    return { ...row, columns: this.#columnsWith(row.columns), text: [row.text, ...places].join('\t') }
  }

  #columnsWith(columns: readonly string[]): readonly string[] {
    const known = this.#columns.get(columns)
    if (known !== undefined) return known
    const all = [...columns, ...this.#parts.map(({ relation }) => relation.position)]
    this.#columns.set(columns, all)
    return all
  }
}

interface Part {
  readonly relation: OrderedPart
  readonly isUuid: boolean
  /** Rows so far, by whole. */
  readonly counts: Map<string, number>
}

function nextPlace({ isUuid, counts }: Part, whole: SeedValue | undefined): number {
  const text = valueText(whole)
  // Postgres reads a uuid whatever its case.
  const key = isUuid ? text.toLowerCase() : text
  const place = (counts.get(key) ?? 0) + 1
  counts.set(key, place)
  return place
}

function leadsToUuid({ to }: OrderedPart, { entities }: Model): boolean {
  const whole = entities.find(({ name }) => name === to)
  return whole !== undefined && builtInField(whole, 'id')?.type.kind === 'uuid'
}
