import { type ClientRequest, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { RequestError } from '#base'
import { endBehindBody } from '../http/end-behind-body.ts'
import { sendRequestError } from '../http/send.ts'
import { answerHeaders, requestHeaders } from './onward-headers.ts'
import type { Route } from './route.ts'
import type { Upstream } from './upstream.ts'

/** Sends a request on and its answer back, both as they come. Never rejects. */
export async function forwardRequest(request: IncomingMessage, response: ServerResponse, route: Route): Promise<void> {
  const done = new AbortController()
  response.once('close', () => done.abort())
  for (;;) {
    const upstream = await route.next()
    if (done.signal.aborted) return
    if (upstream === null) return refuse(request, response)
    const reached = await attempt({ request, response, upstream })
    if (reached !== 'not reached') return
    // The server behind is gone, and nobody has said so yet. Nothing of the request was sent.
    await sleep(retryMs)
  }
}

const retryMs = 20

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly upstream: Upstream
}

/** `not reached`: it can be sent elsewhere. Else it is answered, or its connection is closed. */
function attempt({ request, response, upstream }: Exchange): Promise<'not reached' | 'over'> {
  const onward = sendOn(request, upstream)
  const end = upstream.begin()
  let isAnswered = false
  return new Promise((resolve) => {
    const over = (outcome: 'not reached' | 'over') => {
      response.off('close', hangUp)
      end()
      resolve(outcome)
    }
    const hangUp = () => {
      // Who hung up wants no answer, and what is done for it can end.
      if (!response.writableFinished) onward.destroy()
      over('over')
    }
    response.once('close', hangUp)
    onward.once('response', (answer) => {
      isAnswered = true
      sendBack(answer, response)
      answer.once('end', () => {
        // A refusal: nobody behind reads the rest.
        if (!request.complete) onward.destroy()
        request.unpipe(onward)
        endBehindBody(request, response)
      })
    })
    onward.on('error', (error: NodeJS.ErrnoException) => {
      if (isNotThere(error) && !isAnswered) return over('not reached')
      if (response.destroyed || isAnswered) return
      refuse(request, response)
    })
  })
}

/** The body follows when there is somebody to read it, so that it is whole should there be nobody. */
function sendOn(request: IncomingMessage, { pipe, agent }: Upstream): ClientRequest {
  const onward = send({
    socketPath: pipe,
    agent,
    setHost: false,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: requestHeaders(request),
  })
  onward.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => request.pipe(onward))
    else request.pipe(onward)
  })
  return onward
}

function sendBack(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answerHeaders(answer))
  // What comes bit by bit may begin with nothing.
  if (answer.headers['content-length'] === undefined) response.flushHeaders()
  answer.once('error', () => response.destroy())
  answer.once('aborted', () => response.destroy())
  answer.pipe(response, { end: false })
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return
  const error = new RequestError(
    'UNAVAILABLE',
    'The server was interrupted before it could answer. It is being started again.',
  )
  sendRequestError(request, response, error)
}

/** Nobody listens there, or not any more. */
function isNotThere({ code, syscall }: NodeJS.ErrnoException): boolean {
  return syscall === 'connect' && (code === 'ENOENT' || code === 'ECONNREFUSED')
}
