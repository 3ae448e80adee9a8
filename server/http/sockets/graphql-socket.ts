import type { IncomingHttpHeaders } from 'node:http'
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, GraphQLSchema, parse } from 'graphql'
import { CloseCode, parseMessage, type Server, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { Unauthenticated } from '../../auth/unauthenticated.ts'
import { limitError } from '../limits/limit-error.ts'
import type { Log } from '../log-event.ts'
import { type Hello, readHello } from './hello.ts'
import { Outgoing } from './outgoing.ts'
import { RunningOperations } from './running-operations.ts'

/** Who asks on a WebSocket. */
export interface SocketCaller extends Hello {
  /** Address of the client; null where it is not known. */
  readonly address: string | null
}

/** An operation as it comes. */
export interface SocketOperation {
  readonly caller: SocketCaller
  readonly params: SubscribePayload
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** What stands behind every WebSocket of a server. */
export interface SocketHost {
  /**
   * Milliseconds since 1970 from which on the caller is believed no more; null: a visitor, for ever.
   *
   * @throws Unauthenticated for a token that may not be believed
   */
  admit(caller: SocketCaller): Promise<number | null>
  /**
   * Runs an operation; what goes wrong is told in its errors.
   *
   * @throws Unauthenticated for a token that may not be believed any more
   */
  run(operation: SocketOperation): Promise<ExecutionResult>
  /** Words an error. */
  tell(error: unknown, caller: SocketCaller): GraphQLError
  readonly log: Log
}

/** What a WebSocket may hold. */
export interface SocketBounds {
  /** Operations that run at once. */
  readonly maxOperations: number
  /** Bytes that wait for the client; with more nothing more is read of it until it has taken them. */
  readonly maxWaitingBytes: number
}

/** Beyond so many times the bytes that may wait, whoever does not read is cut off. */
const patienceWithReaders = 32

/** The library looks at it for the kind of the operation, which has run by then. */
const anyQuery: Pick<ExecutionArgs, 'schema' | 'document'> = {
  schema: new GraphQLSchema({}),
  document: parse('{ __typename }'),
}

/** What closes a WebSocket, and what its client is told. */
export interface Farewell {
  readonly code: number
  readonly reason: string
}

/** One WebSocket of a client: who asks, what runs, and when it ends. The protocol is the library's. */
export class GraphqlSocket {
  readonly #socket: WebSocket
  readonly #host: SocketHost
  readonly #bounds: SocketBounds
  readonly #headers: IncomingHttpHeaders
  readonly #address: string | null
  readonly #operations: RunningOperations
  readonly #outgoing: Outgoing
  #caller: SocketCaller | null = null
  #expiry: NodeJS.Timeout | undefined
  #isRetiring = false
  #isAnswered = true
  #piecesBefore = -1

  constructor(
    socket: WebSocket,
    upgrade: { readonly headers: IncomingHttpHeaders; readonly address: string | null },
    { host, bounds }: { readonly host: SocketHost; readonly bounds: SocketBounds },
  ) {
    this.#socket = socket
    this.#headers = upgrade.headers
    this.#address = upgrade.address
    this.#host = host
    this.#bounds = bounds
    this.#operations = new RunningOperations(bounds.maxOperations)
    this.#outgoing = new Outgoing(socket, () => this.#readOn())
  }

  /** Speaks the protocol, until the client or we hang up. */
  open(protocol: Server<GraphqlSocket>): void {
    const socket = this.#socket
    let take: (message: string) => Promise<void> = async () => undefined
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => this.#send(text),
        close: (code = CloseCode.InternalServerError, reason = '') => this.#close({ code, reason }),
        onMessage: (listener) => {
          take = listener
        },
      },
      this,
    )
    // Whatever is wrong with the connection or with a frame, `ws` closes it. Anybody can cause it: it is no news.
    socket.on('error', () => undefined)
    socket.on(
      'message',
      (data) => void this.#take((data as Buffer).toString(), take).catch((error: unknown) => this.#fail(error)),
    )
    socket.on('pong', () => {
      this.#isAnswered = true
    })
    socket.once('close', (code, reason) => {
      clearTimeout(this.#expiry)
      this.#operations.cancelAll()
      void closed(code, String(reason))
    })
  }

  /** Takes note of who asks. False: the connection ends. */
  async connect(payload: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    try {
      const caller = { ...readHello(payload, this.#headers), address: this.#address }
      const until = await this.#host.admit(caller)
      this.#caller = caller
      if (until !== null) this.#expireAt(until)
      return true
    } catch (error) {
      this.#fail(error)
      return false
    }
  }

  /** Runs an operation. What was refused before anything of it ran has errors alone. */
  async run(id: string, params: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const caller = this.#caller!
    const signal = this.#operations.begin(id)
    if (signal === null) return [this.#host.tell(tooManyOperations(this.#bounds.maxOperations), caller)]
    const result = await this.#host.run({ caller, params, signal })
    return 'data' in result ? { ...anyQuery, contextValue: result } : (result.errors ?? [])
  }

  /** Takes no more operations, and closes when those that run are answered. */
  retire(farewell: Farewell): void {
    if (this.#isRetiring) return
    this.#isRetiring = true
    if (this.#operations.count === 0) this.#close(farewell)
    else void this.#operations.idle().then(() => this.#close(farewell))
  }

  /** Cuts it off. */
  terminate(): void {
    this.#socket.terminate()
  }

  /** Finds out, from time to time, whether anybody is still there: who answers, or takes what waits for it. */
  beat(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const { pieces } = this.#outgoing
    const isThere = this.#socket.isPaused ? pieces > this.#piecesBefore : this.#isAnswered
    this.#piecesBefore = pieces
    if (!isThere) this.terminate()
    // While it is not read, an answer would not be.
    if (this.#socket.isPaused) return
    this.#isAnswered = false
    this.#socket.ping()
  }

  async #take(text: string, take: (message: string) => Promise<void>): Promise<void> {
    const message = read(text)
    if (message === null)
      return this.#close({ code: CloseCode.BadRequest, reason: 'This is no message of the protocol.' })
    if (message.type === 'complete') this.#operations.cancel(message.id)
    if (message.type !== 'subscribe') return await take(message as never)
    // Its client asks again, elsewhere.
    if (this.#isRetiring) return
    const { id } = message
    // One that is cancelled has not left yet: the next must not be taken for it.
    if (this.#operations.has(id))
      return this.#close({ code: CloseCode.SubscriberAlreadyExists, reason: 'An operation of this id is running.' })
    try {
      // It takes what is parsed, too.
      await take(message as never)
    } finally {
      this.#operations.end(id)
    }
  }

  /** Resolves when the text has left: until then its operation is one of those that run. */
  async #send(text: string): Promise<void> {
    const { maxWaitingBytes } = this.#bounds
    if (this.#outgoing.waiting > patienceWithReaders * maxWaitingBytes) this.terminate()
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const sent = this.#outgoing.send(text)
    // Who asks and does not read what it is answered, is not read either.
    if (this.#outgoing.waiting > maxWaitingBytes) this.#pause()
    await sent
  }

  #pause(): void {
    if (this.#socket.isPaused) return
    this.#piecesBefore = -1
    this.#socket.pause()
  }

  #readOn(): void {
    if (!this.#socket.isPaused || this.#outgoing.waiting > this.#bounds.maxWaitingBytes) return
    this.#isAnswered = true
    this.#socket.resume()
  }

  #expireAt(moment: number): void {
    const left = moment - Date.now()
    // Longer ones than it takes would ring at once.
    if (left <= 0) this.retire(expired)
    else this.#expiry = setTimeout(() => this.#expireAt(moment), Math.min(left, 2 ** 31 - 1)).unref()
  }

  #fail(error: unknown): void {
    if (error instanceof Unauthenticated) {
      this.#host.log({ kind: 'unauthenticated', reason: error.reason })
      this.retire({ code: CloseCode.Forbidden, reason: error.message })
      return
    }
    const { message, extensions } = this.#host.tell(error, this.#caller ?? nobody)
    const code = extensions.code === 'UNAVAILABLE' ? tryAgainLater : CloseCode.InternalServerError
    this.#close({ code, reason: Buffer.byteLength(message) <= maxReasonBytes ? message : '' })
  }

  #close({ code, reason }: Farewell): void {
    this.#isRetiring = true
    this.#socket.close(code, reason)
  }
}

const expired: Farewell = { code: CloseCode.Forbidden, reason: 'The token has expired.' }

const nobody: SocketCaller = { authorization: undefined, language: undefined, address: null }

/** Of the WebSocket protocol. */
const maxReasonBytes = 123

/** A code of the WebSocket protocol, upon which clients come again. */
const tryAgainLater = 1013

/** Null: no message, or none that a client may send. */
function read(text: string) {
  try {
    const message = parseMessage(text)
    return fromClients.has(message.type) ? message : null
  } catch {
    return null
  }
}

const fromClients = new Set(['connection_init', 'ping', 'pong', 'subscribe', 'complete'])

function tooManyOperations(most: number): GraphQLError {
  const message = `The connection runs ${most} operations already. Ask again when one of them is answered.`
  return limitError({ limit: 'maxSocketOperations', most, message })
}
