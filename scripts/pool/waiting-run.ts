import { RequestError } from '#base'
import type { Clock } from './clock.ts'
import type { ScriptThread } from './script-thread.ts'

/** How long a run waits, and for what. */
export interface WaitingPlan {
  readonly tenant: string
  readonly waitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** True while no thread could take it, however few run: all of them still begin. */
  readonly isStarting: () => boolean
  /** Takes it out of the queue; false when it is not there any more. */
  readonly leave: (run: WaitingRun) => boolean
}

/** What threads may take to begin, on a machine that has much else to do. */
const longestStartMs = 60_000

/** A run that waits for a thread. The time in which threads begin is nobody's fault, and does not count. */
export class WaitingRun {
  readonly tenant: string
  /** @throws RequestError LIMIT, TIMEOUT, UNAVAILABLE */
  readonly thread: Promise<ScriptThread>
  readonly #plan: WaitingPlan
  readonly #since: number
  #resolve: (thread: ScriptThread) => void = () => {}
  #reject: (error: RequestError) => void = () => {}
  #forget: () => void

  constructor(plan: WaitingPlan) {
    this.#plan = plan
    this.tenant = plan.tenant
    this.thread = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#since = plan.clock.now()
    this.#forget = plan.clock.after(plan.waitMs, this.#expire)
    plan.signal?.addEventListener('abort', this.#cancel, { once: true })
  }

  begin(thread: ScriptThread): void {
    this.#end()
    this.#resolve(thread)
  }

  refuse(error: RequestError): void {
    this.#end()
    this.#reject(error)
  }

  readonly #expire = () => {
    const { clock, waitMs, isStarting } = this.#plan
    if (!isStarting()) this.#giveUp(tooManyWait('The script waited too long to be run.'))
    else if (clock.now() - this.#since < longestStartMs) this.#forget = clock.after(waitMs, this.#expire)
    else this.#giveUp(new RequestError('UNAVAILABLE', 'No thread for scripts begins.'))
  }

  readonly #cancel = () => this.#giveUp(new RequestError('TIMEOUT', 'Nobody waits for the script any more.'))

  #giveUp(error: RequestError): void {
    if (this.#plan.leave(this)) this.refuse(error)
  }

  #end(): void {
    this.#forget()
    this.#plan.signal?.removeEventListener('abort', this.#cancel)
  }
}

/** What somebody is told of a pool that has too much to do. */
export function tooManyWait(message: string): RequestError {
  return new RequestError('LIMIT', message, { limit: 'scripts.waiting' })
}
