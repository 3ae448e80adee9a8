import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { headersBut, headOf } from '../raw-headers.ts'

/** True for what asks to become a WebSocket. */
export function wantsSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/**
 * Serves a request as if it had not offered to speak something else. Node takes every such offer for one that has to be taken as soon as somebody listens for WebSockets, but
 * clients that offer HTTP/2 (Java's does, with each first request) are content without.
 */
export function servePlainly(server: Server, { request, socket, head }: Upgrade): void {
  const firstLine = `${request.method} ${request.url} HTTP/${request.httpVersion}`
  const own = headOf(firstLine, headersBut(['upgrade'], request.rawHeaders))
  socket.unshift(Buffer.concat([Buffer.from(own, 'latin1'), head]))
  server.emit('connection', socket)
}

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** What came behind the head. */
  readonly head: Buffer
}
