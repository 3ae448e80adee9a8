import type { IncomingMessage } from 'node:http'

/** In which a front says who asks. Whoever else says it is not passed on, and only what comes through a pipe is believed. */
export const addressHeader = 'x-rowhouse-client-address'

/** Makes a request that came through a pipe look as if its client had connected here. */
export function believeFront(request: IncomingMessage): void {
  const address = request.headers[addressHeader]
  delete request.headers[addressHeader]
  const value = typeof address === 'string' ? address : undefined
  Object.defineProperty(request.socket, 'remoteAddress', { configurable: true, value })
}
