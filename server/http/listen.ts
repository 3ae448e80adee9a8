import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { OperatorError } from '#base'
import { defaultLimits } from '../config/limits.ts'
import { believeFront } from './client-address-header.ts'
import { RunningRequests } from './running-requests.ts'
import { servePlainly, wantsSocket } from './sockets/plain-request.ts'

/** Where to listen, and how to end. */
export interface ListenOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** How long running requests may take to finish when the server ends; 10,000 when left out. */
  readonly drainMs?: number
  /** How long a request may take to arrive; 30,000 when left out. */
  readonly bodyTimeoutMs?: number
  /** How long a client may take nothing of an answer that waits for it; 30,000 when left out. */
  readonly answerTimeoutMs?: number
  /** Takes connections that want to become WebSockets; must never throw. */
  readonly upgrade?: UpgradeListener
  /** Listens on this pipe instead, behind a front, which is believed about the addresses of clients. */
  readonly pipe?: string
}

/** Takes a connection over, with what came behind the head of its request. */
export type UpgradeListener = (request: IncomingMessage, connection: Duplex, head: Buffer) => void

/** Answers one request; must never throw. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  /** Stops to accept, lets running requests finish until the deadline, then cuts off what is left. */
  close(): Promise<void>
}

/**
 * How long an idle connection stays open. Longer than the minute after which balancers and clients give theirs up: whoever ends
 * first must be the one who sends, or a request goes into a connection that is just being closed. Node's five seconds do that to
 * every pool that was idle for a moment.
 */
const keepAliveMs = 75_000

/** How long running requests may take to finish when nobody says. */
export const defaultDrainMs = 10_000

/** How long the head of a request may take. */
const headersMs = 10_000

/** How long an answer may wait without a byte of it being taken. */
const answerMs = 30_000

/** How often it is looked whether somebody takes too long. */
const checkMs = 5_000

/**
 * Listens.
 *
 * @throws OperatorError PORT_IN_USE
 */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<Listening> {
  const running = new RunningRequests()
  const requestTimeout = options.bodyTimeoutMs ?? defaultLimits.bodyTimeoutMs
  // Node looks no more often than it is told to whether somebody takes too long.
  const timeouts = { requestTimeout, headersTimeout: Math.min(requestTimeout, headersMs) }
  const patience = { ...timeouts, connectionsCheckingInterval: Math.min(requestTimeout, checkMs) }
  const server = createServer(patience, (request, response) => {
    running.add(response)
    if (options.pipe !== undefined) believeFront(request)
    listener(request, response)
  })
  server.keepAliveTimeout = keepAliveMs
  const mostMs = options.answerTimeoutMs ?? answerMs
  const watch = setInterval(() => running.limitWaiting(mostMs), Math.min(mostMs, checkMs)).unref()
  server.once('close', () => clearInterval(watch))
  const { upgrade } = options
  if (upgrade !== undefined)
    server.on('upgrade', (request, socket, head) => {
      if (options.pipe !== undefined) believeFront(request)
      if (wantsSocket(request)) upgrade(request, socket, head)
      else servePlainly(server, { request, socket, head })
    })
  await bind(server, options)
  let closing: Promise<void> | undefined
  return {
    url: options.pipe ?? urlOf(server, options.host),
    close: () => (closing ??= drain(server, running, options.drainMs ?? defaultDrainMs)),
  }
}

function bind(server: Server, { host, port, pipe }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      const hint = `Stop the other program, or choose another port: PORT=${port + 1}.`
      reject(new OperatorError('PORT_IN_USE', `Port ${port} of ${host} is in use.`, hint, { cause: error }))
    })
    if (pipe === undefined) server.listen({ host, port }, resolve)
    else server.listen(pipe, resolve)
  })
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${named.includes(':') ? `[${named}]` : named}:${port}`
}

async function drain(server: Server, running: RunningRequests, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // Connections kept alive become idle one by one as their answers are sent.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await running.idle(deadlineMs)
  clearInterval(sweep)
  server.closeAllConnections()
  await closed
}
