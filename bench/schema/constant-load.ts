import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What came of asking all the time. */
export interface LoadResult {
  readonly answered: number
  /** What went wrong, and answers that were older than what had been announced. */
  readonly failures: readonly string[]
  readonly longestMs: number
}

/** Asks all the time, over connections that are kept and over new ones, from this process. */
export class ConstantLoad {
  readonly #url: string
  readonly #running: Promise<void>[]
  readonly #agents = Array.from({ length: 3 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  readonly #failures: string[] = []
  #answered = 0
  #longestMs = 0
  #isOver = false
  /** Answers to questions that are asked from now on must hold it. */
  #announced = ''

  constructor(url: string) {
    this.#url = url
    this.#running = [...this.#agents, false as const].map((agent) => this.#askAllTheTime(agent))
  }

  /** Whatever is asked from now on is answered with it. */
  announce(words: string): void {
    this.#announced = words
  }

  /** What was found since the last time that this was asked. */
  take(): LoadResult {
    const taken = { answered: this.#answered, failures: this.#failures.splice(0), longestMs: this.#longestMs }
    this.#answered = 0
    this.#longestMs = 0
    return taken
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
    for (const agent of this.#agents) agent.destroy()
  }

  async #askAllTheTime(agent: Agent | false): Promise<void> {
    for (; !this.#isOver; await sleep(5)) {
      const announced = this.#announced
      const started = performance.now()
      const text = await this.#ask(agent).catch(String)
      this.#longestMs = Math.max(this.#longestMs, performance.now() - started)
      this.#answered++
      if (!text.startsWith('{"data":{"__type":{') || !text.includes(announced)) this.#failures.push(text)
    }
  }

  #ask(agent: Agent | false): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' }
      const sent = request(`${this.#url}/graphql`, { method: 'POST', agent, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        answer.once('end', () => resolve(text))
        answer.once('error', reject)
      })
      sent.once('error', reject)
      sent.end('{"query":"{ __type(name: \\"Thing0\\") { description } }"}')
    })
  }
}
