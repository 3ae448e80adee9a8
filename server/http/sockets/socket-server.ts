import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ExecutionResult } from 'graphql'
import { handleProtocols, makeServer } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import type { LimitSettings } from '../../config/limits.ts'
import { type Farewell, GraphqlSocket, type SocketHost } from './graphql-socket.ts'

/** How long a WebSocket is waited for. */
export interface SocketPatience {
  /** For the first message. */
  readonly initMs: number
  /** Between two pings; who has not answered the one before is gone. */
  readonly pingMs: number
  /** For the client's part of closing. */
  readonly closeMs: number
}

/** What all WebSockets of a server have in common. */
export interface SocketServerOptions {
  readonly host: SocketHost
  readonly limits: Pick<LimitSettings, 'maxBodyBytes' | 'maxSocketOperations'>
  readonly patience: SocketPatience
}

/** Of answers, that wait for a client to take them. */
const maxWaitingBytes = 1_048_576

/** Makes WebSockets of connections. Loaded with the first of them. */
export class SocketServer {
  readonly #options: SocketServerOptions
  readonly #upgrader: WebSocketServer
  readonly #protocol: ReturnType<typeof makeServer<Record<string, unknown>, GraphqlSocket>>
  readonly #sockets = new Set<GraphqlSocket>()
  readonly #beat: NodeJS.Timeout

  constructor(options: SocketServerOptions) {
    const { limits, patience } = options
    this.#options = options
    this.#upgrader = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: limits.maxBodyBytes,
      // It costs memory for each connection, and lets a small message become a large one.
      perMessageDeflate: false,
      closeTimeout: patience.closeMs,
      handleProtocols,
    } as never)
    this.#protocol = makeServer<Record<string, unknown>, GraphqlSocket>({
      connectionInitWaitTimeout: patience.initMs,
      onConnect: ({ extra, connectionParams }) => extra.connect(connectionParams),
      onSubscribe: ({ extra }, id, params) => extra.run(id, params),
      execute: ({ contextValue }) => contextValue as ExecutionResult,
    })
    this.#beat = setInterval(() => this.#look(), patience.pingMs).unref()
  }

  /** Completes the upgrade of a connection; answers over HTTP what is none. */
  accept(
    request: IncomingMessage,
    connection: Duplex,
    at: { readonly head: Buffer; readonly address: string | null },
  ): void {
    this.#upgrader.handleUpgrade(request, connection, at.head, (webSocket) => {
      const { host, limits } = this.#options
      const socket = new GraphqlSocket(
        webSocket,
        { headers: request.headers, address: at.address },
        {
          host,
          bounds: { maxOperations: limits.maxSocketOperations, maxWaitingBytes },
        },
      )
      this.#sockets.add(socket)
      webSocket.once('close', () => this.#sockets.delete(socket))
      socket.open(this.#protocol)
    })
  }

  /** Says farewell to all, each when what it runs is answered. */
  retire(farewell: Farewell): void {
    clearInterval(this.#beat)
    for (const socket of this.#sockets) socket.retire(farewell)
  }

  /** Cuts off all that are left. */
  terminate(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  #look(): void {
    for (const socket of this.#sockets) socket.beat()
  }
}
