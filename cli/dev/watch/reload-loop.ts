import { setTimeout as sleep } from 'node:timers/promises'
import type { ShownProblem } from '#server'
import { writeTypes } from '../../app/write-types.ts'
import { describeFailure } from '../../output/describe-failure.ts'
import { shownProblems } from '../../output/shown-problems.ts'
import { docsFolder } from '../../package-root.ts'
import type { Session } from '../../session.ts'
import type { AppLoader } from '../load/app-loader.ts'
import type { AppFiles, LoadResult } from '../load/app-snapshot.ts'
import type { Followed, LiveApp } from './live-app.ts'

/** How long files must be quiet before they are loaded: editors and git write several at once. */
const settleMs = 40
/** Who writes all the time is not waited for longer. */
const mostSettleMs = 500
/** Files that cannot be served are given this long to change again before it is said. */
const doubtMs = 250

/** What a loop works with. */
export interface ReloadLoopOptions {
  readonly loader: AppLoader
  readonly live: LiveApp
  readonly session: Session
  /** Told which files were imported, after each load. */
  readonly onFiles: (files: AppFiles) => void
}

/** Loads and serves an app anew after its files changed: one reload at a time, and however many changes come meanwhile are one more. */
export class ReloadLoop {
  readonly #options: ReloadLoopOptions
  readonly #stop = new AbortController()
  /** Aborted by a change, so that a load of older files ends early. */
  #load = new AbortController()
  /** When the first change came that is not served yet; null: there is none. */
  #changedAt: number | null = null
  #lastChangeAt = 0
  #running: Promise<void> | null = null
  /** What was last said to be wrong; empty: nothing. */
  #problems: readonly ShownProblem[] = []
  /** What was last warned of, in words; null: what the start has told. */
  #warned: string | null = null
  /** Whether `seed.ts` is to be read: it, or what it imports, may have changed. */
  #isSeedDue = true

  constructor(options: ReloadLoopOptions) {
    this.#options = options
  }

  /** Something changed. @param isSeed whether the seed may be concerned */
  touch(isSeed: boolean): void {
    if (this.#stop.signal.aborted) return
    const now = performance.now()
    this.#changedAt ??= now
    this.#lastChangeAt = now
    this.#isSeedDue ||= isSeed
    this.#load.abort()
    this.#options.live.touch()
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
  }

  /** Begins nothing more. */
  stop(): void {
    this.#stop.abort()
    this.#load.abort()
  }

  /** Stops, and resolves when what was begun is done. */
  async close(): Promise<void> {
    this.stop()
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#changedAt !== null && !this.#stop.signal.aborted) {
      await this.#settle(this.#changedAt)
      if (this.#stop.signal.aborted) return
      const since = this.#changedAt
      this.#changedAt = null
      this.#load = new AbortController()
      const isServed = await this.#reload(since)
      // What was interrupted is not served yet, and has been waiting since then.
      if (!isServed && this.#changedAt !== null) this.#changedAt = since
      this.#options.loader.warm()
      this.#options.live.warm()
    }
  }

  async #settle(since: number): Promise<void> {
    for (;;) {
      const now = performance.now()
      const until = Math.min(this.#lastChangeAt + settleMs, since + mostSettleMs)
      if (now >= until) return
      await sleep(until - now)
    }
  }

  /** Whether the loop is done with the files as they were. */
  async #reload(since: number): Promise<boolean> {
    const { loader, live, onFiles } = this.#options
    const withSeed = this.#isSeedDue
    const result = await loader.load(withSeed, this.#load.signal)
    if (result === null) return false
    onFiles(result.files)
    await this.#writeTypes(result)
    if (result.kind === 'broken') return await this.#doubt(result.problems)
    try {
      const followed = await live.follow(result.app, this.#load.signal)
      if (withSeed && this.#changedAt === null) this.#isSeedDue = false
      this.#warn(result.app.warnings)
      await this.#succeed(followed, since)
      return true
    } catch (error) {
      return await this.#doubt(this.#inWords(error))
    }
  }

  async #writeTypes(result: LoadResult): Promise<void> {
    const declared = result.kind === 'loaded' ? result.app : result.declared
    if (declared === null) return
    const isWritten = await writeTypes(declared).catch((error: Error) => {
      this.#say(`".rowhouse/types.d.ts" could not be written: ${error.message}`)
      return false
    })
    if (isWritten) this.#say('Wrote .rowhouse/types.d.ts.')
  }

  /** Says what is wrong, unless the files change again at once. */
  async #doubt(problems: readonly ShownProblem[]): Promise<boolean> {
    await sleep(doubtMs, undefined, { signal: this.#load.signal }).catch(() => undefined)
    if (this.#load.signal.aborted) return false
    const isNews = textOf(problems) !== textOf(this.#problems)
    this.#problems = problems
    if (!isNews) return true
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    this.#say(`\n${textOf(problems)}\n\n${count}. The last version without any keeps answering.`)
    await this.#options.live.show(problems)
    return true
  }

  /** Tells what is new to warn of. The first load is that of the start, which has told. */
  #warn(warnings: readonly ShownProblem[]): void {
    const text = textOf(warnings)
    if (this.#warned !== null && text !== this.#warned && text !== '') this.#say(`\n${text}\n`)
    this.#warned = text
  }

  async #succeed({ changes, liveAt }: Followed, since: number): Promise<void> {
    const mended = this.#problems.length > 0 ? ['Mended.'] : []
    this.#problems = []
    if (mended.length > 0 || changes.length > 0) await this.#options.live.show([])
    const after = `live after ${Math.round(liveAt - since)} ms`
    const said = changes.length === 0 ? [] : [`${capitalized(changes.join('; '))}, ${after}`]
    if (mended.length > 0 || said.length > 0) this.#say([...mended, ...said].join(' '))
  }

  #inWords(error: unknown): readonly ShownProblem[] {
    const { folder } = this.#options.session
    return (
      shownProblems(error, { folder, docs: docsFolder() }) ?? [
        { code: 'INTERNAL', text: describeFailure(error, { folder, debug: true }).text },
      ]
    )
  }

  #say(text: string): void {
    if (!this.#stop.signal.aborted) this.#options.session.terminal.say(text)
  }
}

function textOf(problems: readonly ShownProblem[]): string {
  return problems.map(({ text }) => text).join('\n\n')
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
