import type { IncomingMessage } from 'node:http'
import { addressHeader } from '../http/client-address-header.ts'
import { headersBut } from '../http/raw-headers.ts'

/** About one connection, not about what is asked or answered: RFC 9110, 7.6.1. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']

/** Headers of a request as they go on, in the spelling and order in which they came. */
export function requestHeaders({ rawHeaders, headers, socket }: IncomingMessage): string[] {
  // Node adds one where it makes chunks; what came in chunks says so by itself.
  const passed = headersBut([...ofConnection, addressHeader, 'transfer-encoding'], rawHeaders)
  if (headers['transfer-encoding'] !== undefined) passed.push('transfer-encoding', 'chunked')
  return socket.remoteAddress === undefined ? passed : [...passed, addressHeader, socket.remoteAddress]
}

/** Headers of an answer as they go back. */
export function answerHeaders({ rawHeaders }: IncomingMessage): string[] {
  return headersBut([...ofConnection, 'transfer-encoding'], rawHeaders)
}
