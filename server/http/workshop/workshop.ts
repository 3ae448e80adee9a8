import type { ServerResponse } from 'node:http'
import type { WorkshopState } from './workshop-state.ts'

/** Where a page listens to it. */
export const workshopPath = '/workshop'

/** Pages that listen at once. Each hidden tab hangs up; who has more open loses the oldest, which comes back by itself. */
const mostStreams = 32

/** Tells every open page of GraphiQL how the app is, now and whenever that changes: server-sent events. */
export class Workshop {
  readonly #streams = new Set<ServerResponse>()
  #state: WorkshopState

  constructor(state: WorkshopState) {
    this.#state = state
  }

  /** Replaces the state and tells everybody. */
  show(state: WorkshopState): void {
    this.#state = state
    for (const stream of this.#streams) stream.write(eventOf(state))
  }

  /** Answers a page that listens, until it hangs up. */
  stream(response: ServerResponse): void {
    const [oldest] = this.#streams
    if (oldest !== undefined && this.#streams.size >= mostStreams) {
      this.#streams.delete(oldest)
      oldest.end()
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    this.#streams.add(response)
    response.once('close', () => this.#streams.delete(response))
    // How long a browser waits before it comes back after a restart.
    response.write(`retry: 500\n${eventOf(this.#state)}`)
  }

  /** Hangs up on everybody. */
  close(): void {
    for (const stream of this.#streams) stream.end()
  }
}

/** JSON has no line breaks of its own, so a text of the app cannot begin another event. */
function eventOf(state: WorkshopState): string {
  return `data: ${JSON.stringify(state)}\n\n`
}
