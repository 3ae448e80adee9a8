import { OperatorError } from '#base'
import { valueText } from './value-text.ts'

/** Where a row stands in a seed. */
export interface SeedPlace {
  readonly entity: string
  /** In its list, from 1 on. */
  readonly index: number
  /** Its key, as the seed says it. */
  readonly id: string
}

/** How many are told. */
const most = 20
/** How many different ones are remembered: what a generator does wrong it may do wrong in every row. */
const mostKept = 1000

/** What is wrong with the rows of a seed, each with the first row that it is wrong with. */
export class SeedProblems {
  readonly #found = new Map<string, { readonly place: SeedPlace | null; rows: number }>()

  /** Notes a problem; the same of another row is counted. */
  add(problem: string, place: SeedPlace | null = null): void {
    const known = this.#found.get(problem)
    if (known !== undefined) known.rows++
    else if (this.#found.size < mostKept) this.#found.set(problem, { place, rows: 1 })
  }

  /** True as long as nothing is wrong. */
  get isEmpty(): boolean {
    return this.#found.size === 0
  }

  /** All of it as one error. */
  error(): OperatorError {
    const all = [...this.#found]
    const shown = all.slice(0, most).map(([problem, { place, rows }]) => `\n  - ${problem}${shownPlace(place, rows)}`)
    const rest = all.length - shown.length
    const more = all.length === mostKept ? `${rest} or more` : String(rest)
    return new OperatorError(
      'SEED_INVALID',
      `The seed does not fit the model:${shown.join('')}${rest > 0 ? `\n  … and ${more} more` : ''}`,
      'Mend "seed.ts".',
    )
  }
}

function shownPlace(place: SeedPlace | null, rows: number): string {
  if (place === null) return ''
  const more = rows === 1 ? '' : `, and ${rows - 1} more`
  return ` (row ${place.index} of "${place.entity}", ${place.id}${more})`
}

/** `id "0197…"`, `order "…", product "…"`: a key as messages show it. */
export function shownKey(names: readonly string[], values: readonly unknown[]): string {
  return names.map((name, at) => `${name} ${shownValue(values[at])}`).join(', ')
}

function shownValue(value: unknown): string {
  if (value === undefined || value === null) return 'missing'
  const text = valueText(value)
  return `"${text.length <= 60 ? text : `${text.slice(0, 60)}…`}"`
}
