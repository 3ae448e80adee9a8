import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request as sendPlain } from 'node:http'
import { request as sendEncrypted } from 'node:https'
import { isIP } from 'node:net'
import { HttpFault } from './http-fault.ts'
import type { WrittenHeaders } from './secret-headers.ts'

/** A request that was read. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: WrittenHeaders
  readonly body: string | null
}

/** An answer as it came. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** How a request is sent. */
export interface ExchangeOptions {
  /** The address that was checked. */
  readonly dialed: { readonly host: string; readonly port: number }
  readonly signal: AbortSignal
  readonly maxBytes: number
}

/** One request and its answer, over a connection of its own. @throws HttpFault */
export async function exchange(
  request: Omit<HttpRequest, 'headers'> & { readonly headers: Readonly<Record<string, string>> },
  { dialed, signal, maxBytes }: ExchangeOptions,
): Promise<HttpAnswer> {
  const { url, method, body } = request
  const own = { host: url.host, 'accept-encoding': 'identity', ...lengthOf(body) }
  const options: RequestOptions & { servername?: string } = {
    ...{ ...dialed, method, path: url.pathname + url.search, agent: false, signal },
    headers: { 'user-agent': 'rowhouse', ...request.headers, ...own },
    ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
  }
  try {
    const response = await sent(options, url, body)
    return { status: response.statusCode ?? 0, headers: flat(response.headers), text: await textOf(response, maxBytes) }
  } catch (error) {
    throw error instanceof HttpFault ? error : new HttpFault(wordsOf(error, url, signal))
  }
}

function sent(options: RequestOptions, url: URL, body: string | null): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? sendEncrypted : sendPlain
  return new Promise((resolve, reject) => {
    const outgoing = send(options, resolve)
    outgoing.on('error', reject)
    outgoing.end(body ?? undefined)
  })
}

async function textOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  const parts: Buffer[] = []
  let bytes = 0
  try {
    if (encoding !== 'identity') throw new HttpFault('The answer is compressed, though nobody asked for that.')
    for await (const part of response as AsyncIterable<Buffer>) {
      bytes += part.length
      if (bytes > maxBytes) throw new HttpFault(`The answer is longer than ${maxBytes} bytes.`)
      parts.push(part)
    }
  } finally {
    response.destroy()
  }
  return Buffer.concat(parts).toString('utf8')
}

function lengthOf(body: string | null): Record<string, string> {
  return body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
}

function flat(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(entries)
}

/** By code alone: what Node says may quote what was sent. */
function wordsOf(error: unknown, url: URL, signal: AbortSignal): string {
  const { code } = error as NodeJS.ErrnoException
  if (signal.aborted) return `"${url.host}" took too long to answer.`
  return `"${url.host}" could not be asked (${code ?? 'unknown'}).`
}
