import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Bug } from '#base'
import type { FromFront, FrontPlan, ToFront } from './front-messages.ts'
import { receivedError } from './sent-error.ts'

/**
 * Listens in a thread of its own and sends requests on to a server that listens on a pipe, to another one from one request to the next: connections of clients know
 * nothing of it.
 */
export class Front {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  /** Resolves when nothing listens any more, though nobody closed it. */
  readonly died: Promise<void>
  readonly #thread: Worker
  readonly #idle = new Map<string, () => void>()
  readonly #used: (() => void)[] = []
  #onClosed: () => void = () => undefined
  #isGone = false
  #isClosing = false

  private constructor(thread: Worker, url: string) {
    this.#thread = thread
    this.url = url
    thread.on('message', (message: FromFront) => this.#hear(message))
    // What is waited for will not come.
    this.died = new Promise((resolve) => thread.once('exit', () => this.#release(resolve)))
  }

  /**
   * Listens. Requests wait until {@link Front.use}.
   *
   * @throws OperatorError PORT_IN_USE
   */
  static async open(plan: FrontPlan): Promise<Front> {
    // Unbuilt or built.
    const entry = new URL(`./front-thread${extname(import.meta.url)}`, import.meta.url)
    const thread = new Worker(entry, { workerData: plan })
    const first = await new Promise<FromFront>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
    })
    if (first.kind === 'listening') return new Front(thread, first.url)
    await thread.terminate()
    throw first.kind === 'failed'
      ? receivedError(first.error)
      : new Bug('A front says where it listens before all else.')
  }

  /** Resolves when every request that comes goes to this pipe; null: they wait. */
  use(pipe: string | null): Promise<void> {
    if (this.#isGone) return Promise.resolve()
    return new Promise((resolve) => {
      this.#used.push(resolve)
      this.#tell({ kind: 'use', pipe })
    })
  }

  /** Resolves when nothing that went to a pipe, which is not used any more, is running. */
  idle(pipe: string): Promise<void> {
    if (this.#isGone) return Promise.resolve()
    return new Promise((resolve) => {
      this.#idle.set(pipe, resolve)
      this.#tell({ kind: 'watch', pipe })
    })
  }

  /** Accepts no more, lets running requests finish for a while, then cuts off what is left. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#isGone) return
    await new Promise<void>((resolve) => {
      this.#onClosed = resolve
      this.#tell({ kind: 'close' })
    })
    await this.#thread.terminate()
  }

  #tell(message: ToFront): void {
    this.#thread.postMessage(message)
  }

  #hear(message: FromFront): void {
    if (message.kind === 'used') this.#used.shift()?.()
    if (message.kind === 'closed') this.#onClosed()
    if (message.kind !== 'idle') return
    this.#idle.get(message.pipe)?.()
    this.#idle.delete(message.pipe)
  }

  #release(onDeath: () => void): void {
    this.#isGone = true
    if (!this.#isClosing) onDeath()
    for (const resolve of [...this.#used, ...this.#idle.values(), this.#onClosed]) resolve()
  }
}
