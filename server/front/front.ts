import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Bug } from '#base'
import type { FromFront, FrontPlan, ToFront } from './front-messages.ts'
import { PendingAnswers } from './pending-answers.ts'
import { receivedError } from './sent-error.ts'

/**
 * Listens in a thread of its own and sends requests on to a server that listens on a pipe, to another one from one request to the next: connections of clients know
 * nothing of it.
 */
export class Front {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  /** Resolves with the reason when nothing listens any more, though nobody closed it. */
  readonly died: Promise<string>
  readonly #thread: Worker
  readonly #asked = new PendingAnswers()
  #isGone = false
  #isClosing = false

  private constructor(thread: Worker, ended: Promise<string>, url: string) {
    this.#thread = thread
    this.url = url
    thread.on('message', (message: FromFront) => message.kind === 'done' && this.#asked.answer(message.id))
    this.died = new Promise((resolve) => void ended.then((reason) => this.#release(() => resolve(reason))))
  }

  /**
   * Listens. Requests wait until {@link Front.use}.
   *
   * @param entry where its thread begins; left out: where it serves
   * @throws OperatorError PORT_IN_USE
   */
  static async open(plan: FrontPlan, entry: URL = ownEntry()): Promise<Front> {
    const thread = new Worker(entry, { workerData: plan })
    const ended = endOf(thread)
    const first = await new Promise<FromFront>((resolve, reject) => {
      thread.once('message', resolve)
      void ended.then((reason) => reject(new Error(`What accepts connections ended before it listened: ${reason}`)))
    })
    if (first.kind === 'listening') return new Front(thread, ended, first.url)
    await thread.terminate()
    throw first.kind === 'failed'
      ? receivedError(first.error)
      : new Bug('A front says where it listens before all else.')
  }

  /** Resolves when every request that comes goes to this pipe; null: they wait. */
  use(pipe: string | null): Promise<void> {
    return this.#ask((id) => ({ kind: 'use', id, pipe }))
  }

  /** Resolves when nothing that went to a pipe, which is not used any more, is running. */
  idle(pipe: string): Promise<void> {
    return this.#ask((id) => ({ kind: 'watch', id, pipe }))
  }

  /** Accepts no more, lets running requests finish for a while, then cuts off what is left. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#ask((id) => ({ kind: 'close', id }))
    await this.#thread.terminate()
  }

  /** What is asked of a thread that ended is done: nothing runs there. */
  #ask(say: (id: number) => ToFront): Promise<void> {
    if (this.#isGone) return Promise.resolve()
    return this.#asked.ask((id) => this.#thread.postMessage(say(id)))
  }

  #release(onDeath: () => void): void {
    this.#isGone = true
    this.#asked.end()
    if (!this.#isClosing) onDeath()
  }
}

/** Resolves with the reason when a thread has ended. */
function endOf(thread: Worker): Promise<string> {
  let reason = 'its thread ended'
  thread.on('error', (error: Error) => {
    reason = error.stack ?? error.message
  })
  return new Promise((resolve) => thread.once('exit', () => resolve(reason)))
}

/** Unbuilt or built. */
function ownEntry(): URL {
  return new URL(`./front-thread${extname(import.meta.url)}`, import.meta.url)
}
