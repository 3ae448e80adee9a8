import type { Clock } from './clock.ts'

/** A line that a script logged. */
export interface ScriptLine {
  readonly tenant: string | null
  /** As models name it: `scripts/discount`. */
  readonly script: string
  /** Of what the tenant published; null: the app's. */
  readonly version: number | null
  readonly line: string
}

/** Lines of a tenant within a minute; whoever logs in a loop fills no disk. */
const mostLines = 300
/** Together with its length this bounds what a tenant writes: 150 KB a minute. */
const mostCharacters = 500
const minuteMs = 60_000

/** Hands lines on, as many of each tenant as a log should hold. */
export class ScriptLines {
  readonly #tell: (line: ScriptLine) => void
  readonly #clock: Clock
  #told = new Map<string, number>()
  #endsAt = 0

  constructor(tell: (line: ScriptLine) => void, clock: Clock) {
    this.#tell = tell
    this.#clock = clock
  }

  /** @param secrets values that must not stand in a line, however they came into it */
  logged({ line, ...of }: ScriptLine, secrets: readonly string[]): void {
    const now = this.#clock.now()
    if (now >= this.#endsAt) {
      this.#told = new Map()
      this.#endsAt = now + minuteMs
    }
    const told = (this.#told.get(of.tenant ?? '') ?? 0) + 1
    this.#told.set(of.tenant ?? '', told)
    if (told <= mostLines) this.#tell({ ...of, line: shortened(withoutSecrets(line, secrets)) })
    else if (told === mostLines + 1) this.#tell({ ...of, line: '(further lines of this minute are left out)' })
  }
}

function withoutSecrets(line: string, secrets: readonly string[]): string {
  const longest = secrets.filter((secret) => secret !== '').toSorted((a, b) => b.length - a.length)
  return longest.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), line)
}

function shortened(line: string): string {
  return line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters).toWellFormed()}…`
}
