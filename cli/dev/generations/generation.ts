import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Model } from '#schema'
import { PendingAnswers, receivedError, type WorkshopState } from '#server'
import { threadEnv } from '../../thread-env.ts'
import type { FromGeneration, GenerationPlan, ToGeneration } from './generation-messages.ts'

/** Where the thread of a generation begins, and who hears what it says. */
export interface GenerationOptions {
  readonly say: (text: string) => void
  /** Default: the one that serves an app. */
  readonly entry?: URL
}

/** Room for new objects. V8 would take up to 96 MB in each thread while it loads and builds, and never give it back; with this it takes no more time. */
const maxYoungGenerationSizeMb = 48

/** A thread that serves one version of an app on a pipe. Started before it is known which: what it needs is loaded meanwhile. */
export class Generation {
  /** Resolves with the reason when the thread ended though nobody asked for it. */
  readonly died: Promise<string>
  readonly #thread: Worker
  readonly #asked = new PendingAnswers()
  #pipe = ''
  #isEnding = false
  #isGone = false
  #reason = 'its thread ended'

  constructor({ say, entry = ownEntry() }: GenerationOptions) {
    this.#thread = new Worker(entry, { env: threadEnv(), resourceLimits: { maxYoungGenerationSizeMb } })
    this.#thread.on('message', (message: FromGeneration) => {
      if (message.kind === 'said') say(message.text)
      else this.#asked.answer(message.id, message.kind === 'failed' ? receivedError(message.error) : undefined)
    })
    this.#thread.on('error', (error: Error) => {
      this.#reason = error.stack ?? error.message
    })
    this.died = new Promise((resolve) => this.#thread.once('exit', () => this.#onExit(resolve)))
  }

  /** On which it serves. */
  get pipe(): string {
    return this.#pipe
  }

  /** Builds the API of a model and listens. @throws OperatorError what starting a server throws */
  async serve(plan: GenerationPlan): Promise<void> {
    this.#pipe = plan.pipe
    await this.#ask((id) => ({ kind: 'serve', id, plan }))
  }

  /**
   * Serves another model that has the same API, once `follow` has brought the database there; until then the one before.
   *
   * @throws what `follow` throws; then all stays as it was
   */
  async replace(model: Model, follow: () => Promise<void>): Promise<void> {
    await this.#ask((id) => ({ kind: 'replace', id, model }))
    try {
      await follow()
    } catch (error) {
      await this.#ask((id) => ({ kind: 'abandon', id }))
      throw error
    }
    await this.#ask((id) => ({ kind: 'commit', id }))
  }

  /** What open pages of GraphiQL show from now on. */
  show(workshop: WorkshopState): void {
    this.#tell({ kind: 'show', workshop })
  }

  /** Ends what would last without an end; requests are answered as before. */
  hangUp(): void {
    this.#tell({ kind: 'hangUp' })
  }

  /** Lets running requests finish for a while, gives its connections to the database back, and ends the thread. */
  async close(): Promise<void> {
    this.#isEnding = true
    await this.#ask((id) => ({ kind: 'close', id })).catch(() => undefined)
    await this.abandon()
  }

  /** Ends the thread, whatever it does. */
  async abandon(): Promise<void> {
    this.#isEnding = true
    await this.#thread.terminate()
  }

  #ask(say: (id: number) => ToGeneration): Promise<void> {
    // Nobody would answer.
    if (this.#isGone) return Promise.reject(this.#gone())
    return this.#asked.ask((id) => this.#tell(say(id)))
  }

  #tell(message: ToGeneration): void {
    this.#thread.postMessage(message)
  }

  #gone(): Error {
    return new Error(`What answers requests ended before it was done: ${this.#reason}`)
  }

  #onExit(resolve: (reason: string) => void): void {
    this.#isGone = true
    this.#asked.end(this.#gone())
    if (!this.#isEnding) resolve(this.#reason)
  }
}

/** Unbuilt or built. */
function ownEntry(): URL {
  return new URL(`./generation-thread${extname(import.meta.url)}`, import.meta.url)
}
