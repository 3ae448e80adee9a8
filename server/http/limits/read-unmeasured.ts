import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { type RequestRefusal, tooLong } from './request-refusal.ts'

/**
 * Reads a body that does not say how long it is, no further than it may be; whoever reads on finds it in `body`.
 *
 * @returns why it is refused, or null
 */
export async function readUnmeasured(request: IncomingMessage, maxBodyBytes: number): Promise<RequestRefusal | null> {
  if (request.method !== 'POST' || request.headers['content-length'] !== undefined) return null
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      // Node reads the rest and throws it away: a client whose connection breaks while it sends would not hear why.
      if (bytes > maxBodyBytes) return tooLong(maxBodyBytes)
      chunks.push(chunk)
    }
  } catch {
    // The client hung up: what came is no JSON, and nobody hears that.
  }
  Object.assign(request, { body: Readable.from(chunks) })
  return null
}
