import { setTimeout as sleep } from 'node:timers/promises'
import type { Model } from '#schema'
import { apiHash, Front, type WorkshopState } from '#server'
import { Generation, type GenerationOptions } from './generation.ts'
import type { GenerationPlan } from './generation-messages.ts'
import { Pipes } from './pipes.ts'
import { Restarts } from './restarts.ts'

/** Without where to listen. */
export type AppPlan = Omit<GenerationPlan, 'pipe'>

/** What is served first. */
export interface GenerationsOptions extends GenerationOptions {
  readonly plan: AppPlan
  /** A generation that was started ahead and loads already. */
  readonly spare?: Generation
  /** Where the thread begins that accepts connections. Default: the one that sends requests on. */
  readonly frontEntry?: URL
}

const frontEnded = 'What accepts connections ended, and nobody is answered any more. Start `rowhouse dev` again.'

/** How long requests that an older version began may take before they are asked to end. */
const retireMs = 10_000
/** Until what was sent to an older version a moment ago has arrived there. */
const arriveMs = 100

/**
 * Serves versions of an app one after the other, each in a thread of its own, behind a front that sends every request to the newest. The thread of the next one waits,
 * with everything loaded.
 */
export class Generations {
  readonly #options: GenerationsOptions
  readonly #front: Front
  readonly #pipes: Pipes
  readonly #restarts = new Restarts()
  readonly #retiring = new Set<Promise<void>>()
  /** The last good one, which is also what is started again. */
  #plan: AppPlan
  /** Null while there is none. */
  #current: Generation | null = null
  #spare: Generation | null = null
  /** One change at a time. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly #closing = new AbortController()

  private constructor(options: GenerationsOptions, front: Front, pipes: Pipes) {
    this.#options = options
    this.#plan = options.plan
    this.#front = front
    this.#pipes = pipes
  }

  /**
   * Serves, and listens once everything is there.
   *
   * @throws OperatorError PORT_IN_USE and what starting a server throws
   */
  static async open(options: GenerationsOptions): Promise<Generations> {
    const { plan, spare } = options
    const pipes = new Pipes()
    const first = spare ?? new Generation(options)
    try {
      await first.serve({ ...plan, pipe: pipes.next() })
      const { host, port, limits } = plan.settings
      const front = await Front.open({ host, port, bodyTimeoutMs: limits.bodyTimeoutMs }, options.frontEntry)
      const generations = new Generations(options, front, pipes)
      void front.died.then((reason) => options.say(`${frontEnded} ${reason}`))
      await generations.#pass(first)
      return generations
    } catch (error) {
      await first.abandon()
      pipes.remove()
      throw error
    }
  }

  /** `http://127.0.0.1:4000` */
  get url(): string {
    return this.#front.url
  }

  /**
   * Serves another model: every request that comes after this resolves is answered by it, and none fails. Its API is built first, where it is another one; then `follow`
   * brings the database there. When either throws, or the signal is aborted before `follow` begins, what was served before still is.
   */
  replace(model: Model, follow: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      const followed = async () => {
        await follow()
        // The database is there: should a thread end now, the next one serves this.
        this.#plan = { ...this.#plan, model }
      }
      if (this.#current !== null && apiHash(model) === apiHash(this.#plan.model))
        return await this.#current.replace(model, followed)
      const next = await this.#make({ ...this.#plan, model }, signal)
      await followed().catch(async (error: unknown) => {
        await next.abandon()
        throw error
      })
      await this.#pass(next)
    })
  }

  /** What open pages of GraphiQL show from now on. */
  show(workshop: WorkshopState): void {
    this.#plan = { ...this.#plan, workshop }
    this.#current?.show(workshop)
  }

  /** Starts the thread of the next version, which takes a second of processor time: for when there is time. */
  warm(): void {
    if (this.#closing.signal.aborted || this.#spare !== null) return
    const spare = new Generation(this.#options)
    this.#spare = spare
    void spare.died.then(() => {
      if (this.#spare === spare) this.#spare = null
    })
  }

  /** Lets running requests finish for a while; then nothing is left. */
  async close(): Promise<void> {
    this.#closing.abort()
    const spare = this.#spare?.abandon()
    await this.#front.close()
    await this.#turn
    await Promise.all([spare, this.#current?.close(), ...this.#retiring])
    this.#pipes.remove()
  }

  /** A generation that serves on its pipe, to which nothing is sent yet. */
  async #make(plan: AppPlan, signal?: AbortSignal): Promise<Generation> {
    const made = this.#spare ?? new Generation(this.#options)
    this.#spare = null
    const stop = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])])
    const abandon = () => void made.abandon()
    stop.addEventListener('abort', abandon)
    try {
      stop.throwIfAborted()
      await made.serve({ ...plan, pipe: this.#pipes.next() })
      stop.throwIfAborted()
      return made
    } catch (error) {
      await made.abandon()
      throw error
    } finally {
      stop.removeEventListener('abort', abandon)
    }
  }

  /** Every request goes there from now on. */
  async #pass(newest: Generation): Promise<void> {
    const before = this.#current
    this.#current = newest
    void newest.died.then((reason) => this.#onDeath(newest, reason))
    // Pages may have been told something while it was made.
    if (this.#plan.workshop !== null) newest.show(this.#plan.workshop)
    await this.#front.use(newest.pipe)
    if (before === null) return
    const retiring = this.#retire(before).finally(() => this.#retiring.delete(retiring))
    this.#retiring.add(retiring)
  }

  /** Ends a generation when what it began is over. */
  async #retire(generation: Generation): Promise<void> {
    await sleep(arriveMs, undefined, { ref: false })
    generation.hangUp()
    await Promise.race([this.#front.idle(generation.pipe), sleep(retireMs, undefined, { ref: false })])
    await generation.close()
  }

  /** Requests wait until the last good version is started again. */
  #onDeath(dead: Generation, reason: string): void {
    if (dead !== this.#current || this.#closing.signal.aborted) return
    this.#current = null
    void this.#front.use(null)
    this.#options.say(`What answers requests ended unexpectedly, and is started again. ${reason}`)
    this.#inTurn(() => this.#revive()).catch(() => undefined)
  }

  async #revive(): Promise<void> {
    // A change of the app may have been served meanwhile.
    while (this.#current === null && !this.#closing.signal.aborted) {
      await this.#restarts.pause(this.#closing.signal)
      try {
        await this.#pass(await this.#make(this.#plan))
      } catch (error) {
        if (!this.#closing.signal.aborted) this.#options.say(`It could not be started: ${String(error)}`)
      }
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(() => {
      this.#closing.signal.throwIfAborted()
      return work()
    })
    this.#turn = done.catch(() => undefined)
    return done
  }
}
