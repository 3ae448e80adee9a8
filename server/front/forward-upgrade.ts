import { type IncomingMessage, request as send } from 'node:http'
import type { Duplex } from 'node:stream'
import { headOf } from '../http/raw-headers.ts'
import { answerHeaders, requestHeaders } from './onward-headers.ts'
import type { Route } from './route.ts'
import type { Upstream } from './upstream.ts'

/** A connection that wants to become something else. */
export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** What came behind the head of the request. */
  readonly head: Buffer
}

/** Sends a WebSocket on to where it is taken, and ties both connections together. Never rejects. */
export async function forwardUpgrade(upgrade: Upgrade, route: Route): Promise<void> {
  const { socket } = upgrade
  socket.on('error', () => socket.destroy())
  const upstream = await route.next()
  if (upstream === null || socket.destroyed) return void socket.destroy()
  tie(upgrade, upstream)
}

function tie({ request, socket, head }: Upgrade, upstream: Upstream): void {
  const onward = send({
    socketPath: upstream.pipe,
    agent: false,
    setHost: false,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: [...requestHeaders(request), 'connection', 'upgrade', 'upgrade', request.headers.upgrade ?? ''],
  })
  const end = upstream.begin()
  socket.once('close', () => {
    onward.destroy()
    end()
  })
  onward.once('upgrade', (answer, other, first) => {
    other.on('error', () => socket.destroy())
    other.once('close', () => socket.destroy())
    socket.once('close', () => other.destroy())
    socket.write(headOf(statusLine(answer), answer.rawHeaders), 'latin1')
    socket.write(first)
    other.write(head)
    other.pipe(socket).pipe(other)
  })
  // It is not taken. What else the client would send on this connection was never looked at here, so that it ends.
  onward.once('response', (answer) => {
    socket.write(headOf(statusLine(answer), [...answerHeaders(answer), 'connection', 'close']), 'latin1')
    answer.pipe(socket)
  })
  onward.on('error', () => socket.destroy())
  onward.end()
}

function statusLine({ statusCode, statusMessage }: IncomingMessage): string {
  return `HTTP/1.1 ${statusCode} ${statusMessage}`
}
