import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { LimitSettings } from '../../config/limits.ts'
import type { CorsSettings } from '../../config/read-cors.ts'
import { graphqlPath } from '../graphql-handler.ts'
import { addressBucket } from './address-bucket.ts'
import type { SocketHost } from './graphql-socket.ts'
import type { SocketPatience, SocketServer } from './socket-server.ts'
import { originRefusal, refusal, refuseUpgrade, type UpgradeRefusal } from './upgrade-refusal.ts'

/** What decides who gets a WebSocket, and what it may do. */
export interface OpenSocketsOptions {
  readonly host: SocketHost
  readonly limits: LimitSettings
  readonly cors: CorsSettings | null
  /** Address of the client of a request; null where it is not known. */
  readonly addressOf: (request: IncomingMessage) => string | null
  readonly patience?: Partial<SocketPatience>
}

/** Shorter than the minute after which balancers give up connections on which nothing comes. */
const patience: SocketPatience = { initMs: 10_000, pingMs: 25_000, closeMs: 5_000 }

/** The WebSockets of a server: who gets one, how many there are, and how they end. */
export class OpenSockets {
  readonly #options: OpenSocketsOptions
  readonly #connections = new Set<Duplex>()
  readonly #byAddress = new Map<string, number>()
  #server: Promise<SocketServer> | null = null
  #isEnding = false

  constructor(options: OpenSocketsOptions) {
    this.#options = options
  }

  /** Takes a connection that wants to become a WebSocket. Never throws. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    // Nobody else listens before the upgrade is done, and an error that nobody hears of would end the process.
    connection.on('error', () => connection.destroy())
    const address = this.#options.addressOf(request)
    const refused = this.#refusal(request, address)
    if (refused === null) void this.#accept(request, connection, { head, address })
    else refuseUpgrade(connection, refused)
  }

  /** Lets running operations finish until the deadline, then cuts off what is left. */
  async close(deadlineMs: number): Promise<void> {
    this.#isEnding = true
    const server = await this.#server?.catch(() => null)
    if (server == null) return
    server.retire({ code: goingAway, reason: 'The server is ending.' })
    const late = setTimeout(() => this.#destroy(server), deadlineMs)
    await Promise.all([...this.#connections].map(untilClosed))
    clearTimeout(late)
  }

  async #accept(
    request: IncomingMessage,
    connection: Duplex,
    at: { readonly head: Buffer; readonly address: string | null },
  ): Promise<void> {
    this.#count(connection, addressBucket(at.address))
    this.#server ??= this.#load()
    try {
      const server = await this.#server
      if (this.#isEnding) connection.destroy()
      else server.accept(request, connection, at)
    } catch (error) {
      // Puts it into the log.
      this.#options.host.tell(error, { authorization: undefined, language: undefined, address: at.address })
      connection.destroy()
    }
  }

  async #load(): Promise<SocketServer> {
    const { SocketServer } = await import('./socket-server.ts')
    const { host, limits, patience: given = {} } = this.#options
    return new SocketServer({ host, limits, patience: { ...patience, ...given } })
  }

  #refusal(request: IncomingMessage, address: string | null): UpgradeRefusal | null {
    const { limits, cors } = this.#options
    const [path] = (request.url ?? '').split('?', 1)
    if (path !== graphqlPath)
      return refusal(404, 'NOT_FOUND', { message: `WebSockets are served at "${graphqlPath}".` })
    if (this.#isEnding) return refusal(503, 'UNAVAILABLE', { message: 'The server is ending.' })
    const foreign = originRefusal(request, cors)
    if (foreign !== null) return foreign
    if (this.#connections.size >= limits.maxSockets) return tooMany(503, 'maxSockets', limits.maxSockets)
    const most = limits.maxSocketsPerAddress
    return (this.#byAddress.get(addressBucket(address)) ?? 0) >= most
      ? tooMany(429, 'maxSocketsPerAddress', most)
      : null
  }

  #count(connection: Duplex, bucket: string): void {
    this.#connections.add(connection)
    this.#byAddress.set(bucket, (this.#byAddress.get(bucket) ?? 0) + 1)
    connection.once('close', () => {
      this.#connections.delete(connection)
      const left = this.#byAddress.get(bucket)! - 1
      if (left > 0) this.#byAddress.set(bucket, left)
      else this.#byAddress.delete(bucket)
    })
  }

  #destroy(server: SocketServer): void {
    server.terminate()
    for (const connection of this.#connections) connection.destroy()
  }
}

/** Of the WebSocket protocol: clients come again, elsewhere. */
const goingAway = 1001

function tooMany(status: 429 | 503, limit: string, most: number): UpgradeRefusal {
  const message = `${most} WebSockets are open already${limit === 'maxSockets' ? '' : ' from this address'}.`
  return refusal(status, 'LIMIT', { message, limit, most })
}

function untilClosed(connection: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (connection.closed) resolve()
    else connection.once('close', () => resolve())
  })
}
