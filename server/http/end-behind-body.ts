import type { IncomingMessage, ServerResponse } from 'node:http'
import { finished } from 'node:stream'

/** How much of a body is waited for that nobody reads. */
export interface UnreadBody {
  readonly maxBytes: number
  readonly maxMs: number
}

/** Several times what bodies may have, at the pace of a slow line. */
const usual: UnreadBody = { maxBytes: 16_777_216, maxMs: 10_000 }

/**
 * Ends an answer when the whole body of its request has come, which nobody reads any further. Closed before, the connection would be reset under a client that still sends, and the
 * client would see that instead of the answer. What goes on for longer is cut off.
 */
export function endBehindBody(request: IncomingMessage, response: ServerResponse, most: UnreadBody = usual): void {
  if (request.complete) {
    response.end()
    // What came of it may still wait to be read.
    request.resume()
    return
  }
  let bytes = 0
  const cutOff = () => request.socket.destroy()
  const timer = setTimeout(cutOff, most.maxMs).unref()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > most.maxBytes) cutOff()
  })
  finished(request, { writable: false }, () => {
    clearTimeout(timer)
    response.end()
  })
  request.resume()
}
