import type { Socket } from 'node:net'
import type pg from 'pg'

/** What a connection of `pg` writes to, besides its types: version 8.23 is pinned. */
interface Wire {
  readonly connection: { readonly stream: Socket }
}

/**
 * From now on what a connection is told while one event is answered goes to Postgres in one piece: `pg` writes each of some ten messages of a request by itself, and a
 * write costs more than most of what else is done for a small request.
 */
export function gatherWrites(client: pg.Client): void {
  const { stream } = (client as unknown as Wire).connection
  const write = stream.write.bind(stream) as (...given: readonly unknown[]) => boolean
  const end = stream.end.bind(stream) as (...given: readonly unknown[]) => Socket
  let waiting: Buffer[] = []
  const flush = () => {
    if (waiting.length === 0) return
    const gathered = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting)
    waiting = []
    // Whoever waits for an answer is told that the connection is gone.
    if (stream.writable) write(gathered)
  }
  const gather = (message: unknown, ...more: readonly unknown[]): boolean => {
    if (!Buffer.isBuffer(message) || more.length > 0) {
      flush()
      return write(message, ...more)
    }
    if (waiting.push(message) === 1) process.nextTick(flush)
    return true
  }
  const endBehind = (...given: readonly unknown[]): Socket => {
    flush()
    return end(...given)
  }
  Object.assign(stream, { write: gather, end: endBehind })
}
