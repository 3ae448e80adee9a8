import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ModelError } from '#base'
import { type Model, plainFiles } from '#schema'
import { hasWork, JobService } from '../jobs/job-service.ts'
import type { Development } from './run-dev.ts'

/** Who edits often edits again, and waits for that: what runs jobs is begun anew when nothing changed for so long. */
const settledMs = 2_000

/** Runs the jobs of an app under development, anew when one of its files changed. */
export class DevJobs {
  readonly #development: Development
  #service: JobService | null = null
  #stamp = ''
  #turn: Promise<void> = Promise.resolve()
  #opening = new AbortController()
  /** As `performance.now()` tells it. */
  #editedAt = 0
  #isClosed = false

  constructor(development: Development) {
    this.#development = development
  }

  /** Files are changing: what is to begin anew begins later. */
  hold(): void {
    this.#editedAt = performance.now()
  }

  /** Resolves when jobs run as the files say, or it was said why they cannot. */
  follow(model: Model): Promise<void> {
    // A file that never ends being imported must not keep what comes after it waiting.
    this.#opening.abort(new Error('The app changed again.'))
    const opening = new AbortController()
    this.#opening = opening
    this.hold()
    this.#turn = this.#turn.then(() => this.#follow(model, opening.signal))
    return this.#turn
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#opening.abort(new Error('Development ends.'))
    await this.#turn
    await this.#service?.close()
  }

  async #follow(model: Model, signal: AbortSignal): Promise<void> {
    const { app, settings, database, login, session } = this.#development
    if (this.#service !== null) await this.#settle(signal)
    if (signal.aborted) return
    const stamp = JSON.stringify([model, plainFiles(app.folder).map(stampOf)])
    if (this.#isClosed || stamp === this.#stamp) return
    this.#stamp = stamp
    await this.#service?.close()
    this.#service = null
    const plan = { model, folder: app.folder, settings, names: database.names, databaseUrl: login.url }
    if (!hasWork(plan)) return
    const { say } = session.terminal
    try {
      this.#service = await JobService.open({ plan, say: (line) => say(`jobs  ${line}`) }, signal)
    } catch (error) {
      if (signal.aborted) {
        this.#stamp = ''
        return
      }
      const problems =
        error instanceof ModelError ? error.problems.map(({ message }) => message) : [(error as Error).message]
      for (const problem of problems) say(`Jobs are not run: ${problem}`)
    }
  }

  async #settle(signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = this.#editedAt + settledMs - performance.now()
      if (left <= 0 || signal.aborted) return
      await sleep(left, undefined, { signal }).catch(() => undefined)
    }
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path)
    return `${path} ${mtimeMs} ${size}`
  } catch {
    return path
  }
}
