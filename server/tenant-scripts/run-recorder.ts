import type { RequestPool } from '../postgres/pool.ts'
import type { RequestSettings } from '../postgres/with-pg-client.ts'

/** A run as it is kept. */
export interface KeptRun {
  readonly name: string
  /** Null: the app's script. */
  readonly version: number | null
  readonly checksum: string
  readonly ended: 'output' | 'raised' | 'failed'
  readonly ms: number
  /** All that it depended on. */
  readonly record: object
  /** Values that must not stand in it. */
  readonly secrets: readonly string[]
}

/** Runs that may wait to be kept; further ones are not recorded, so that recording slows nobody down for long. */
const mostWaiting = 20

/** Shorter secrets are no secrets, and would blot out half of a record. */
const fewestLetters = 4

/** What stands in a record in the place of a secret. */
export const blotted = '[secret]'

/**
 * Keeps runs of scripts, each in a transaction of its own: also runs whose change was undone, which are those that somebody wants to look at. One after the other, so that
 * a busy script takes one connection at most.
 */
export class RunRecorder {
  readonly #pool: Pick<RequestPool, 'withPgClient'>
  readonly #onError: (error: unknown) => void
  #waiting = 0
  #last: Promise<void> = Promise.resolve()

  constructor(pool: Pick<RequestPool, 'withPgClient'>, onError: (error: unknown) => void) {
    this.#pool = pool
    this.#onError = onError
  }

  /** Keeps a run some time later; whoever ran it waits for nothing. */
  keep(settings: RequestSettings, run: KeptRun): void {
    if (this.#waiting >= mostWaiting) return
    this.#waiting++
    this.#last = this.#last
      .then(() => this.#write(settings, run))
      .catch(this.#onError)
      .finally(() => this.#waiting--)
  }

  /** Resolves when all that was to be kept is, or could not be. */
  idle(): Promise<void> {
    return this.#last
  }

  async #write(settings: RequestSettings, { name, version, checksum, ended, ms, record, secrets }: KeptRun) {
    const text = 'select rowhouse_private.keep_script_run($1, $2, $3, $4, $5, $6::jsonb)'
    const values = [name, version, checksum, ended, Math.round(ms), blotOut(record, secrets)]
    await this.#pool.withPgClient(settings, (client) => client.query({ text, values }))
  }
}

/** A record as JSON without secrets, however they came into it: a server may answer what it was sent. */
export function blotOut(record: object, secrets: readonly string[]): string {
  const long = secrets.filter(({ length }) => length >= fewestLetters).toSorted((a, b) => b.length - a.length)
  const clean = (text: string) => long.reduce((rest, secret) => rest.replaceAll(secret, blotted), text)
  // What jsonb cannot keep is not kept.
  const kept = (text: string) => clean(text).replaceAll('\0', '').toWellFormed()
  return JSON.stringify(mapTexts(record, kept))
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [map(name), mapTexts(each, map)]))
}
