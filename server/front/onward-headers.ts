import type { IncomingMessage } from 'node:http'
import { addressHeader } from './client-address-header.ts'

/** About one connection, not about what is asked or answered: RFC 9110, 7.6.1. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']

/** Headers of a request as they go on, in the spelling and order in which they came. */
export function requestHeaders({ rawHeaders, headers, socket }: IncomingMessage): string[] {
  // Node adds one where it makes chunks; what came in chunks says so by itself.
  const passed = without(rawHeaders, [...ofConnection, addressHeader, 'transfer-encoding'])
  if (headers['transfer-encoding'] !== undefined) passed.push('transfer-encoding', 'chunked')
  return socket.remoteAddress === undefined ? passed : [...passed, addressHeader, socket.remoteAddress]
}

/** Headers of an answer as they go back. */
export function answerHeaders({ rawHeaders }: IncomingMessage): string[] {
  return without(rawHeaders, [...ofConnection, 'transfer-encoding'])
}

/** Headers of what became another protocol, all of them. */
export function upgradeHeaders({ rawHeaders }: IncomingMessage): string[] {
  return without(rawHeaders, [])
}

function without(rawHeaders: readonly string[], names: readonly string[]): string[] {
  const passed: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    if (!names.includes(name.toLowerCase())) passed.push(name, value)
  }
  return passed
}
