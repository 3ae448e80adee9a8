import { isIP } from 'node:net'
import { type CallContext, LimitPassed } from '../host/call-context.ts'
import type { ScriptHttp } from '../script-call.ts'
import { isAllowedHost } from './allowed-host.ts'
import { exchange, type HttpAnswer, type HttpRequest } from './exchange.ts'
import { HttpFault } from './http-fault.ts'
import { machineNetwork, type Network } from './network.ts'
import { isPublicAddress } from './public-address.ts'
import { readRequest, type WrittenRequest } from './read-request.ts'
import { headersFor, nameWithoutSecrets, withoutSecrets } from './secret-headers.ts'

/** What a script reads of an answer. */
export interface SeenAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * Sends a request for a script, to hosts that are allowed and to public addresses alone, and follows redirects by the same rules. Secrets are put in on the way out and
 * taken out on the way back.
 *
 * @throws HttpFault without any secret in it
 * @throws LimitPassed
 */
export async function sendHttp(written: WrittenRequest, context: CallContext): Promise<SeenAnswer> {
  const { http, secrets = {} } = context.host
  if (http === undefined) throw new HttpFault('Scripts of this app may send no requests.')
  try {
    const answer = await follow(readRequest(written), http, context)
    const headers = Object.entries(answer.headers).map(([name, value]) => [
      nameWithoutSecrets(name, secrets),
      withoutSecrets(value, secrets),
    ])
    return { status: answer.status, headers: Object.fromEntries(headers), text: withoutSecrets(answer.text, secrets) }
  } catch (error) {
    if (error instanceof HttpFault) throw new HttpFault(withoutSecrets(error.message, secrets))
    throw error
  }
}

/** Redirects that are followed. */
const mostRedirects = 3

async function follow(first: HttpRequest, http: ScriptHttp, context: CallContext): Promise<HttpAnswer> {
  const timeoutMs = http.timeoutMs ?? 5_000
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)])
  let request = first
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await sendOnce(request, { http, context, signal })
    const next = redirectOf(request, answer)
    if (next === null) return answer
    request = next
  }
  throw new HttpFault(`The answer led on more than ${mostRedirects} times.`)
}

interface Sending {
  readonly http: ScriptHttp
  readonly context: CallContext
  readonly signal: AbortSignal
}

async function sendOnce(request: HttpRequest, { http, context, signal }: Sending): Promise<HttpAnswer> {
  const { count, limits, host } = context
  count.httpCalls += 1
  if (count.httpCalls > limits.httpCalls)
    throw new LimitPassed('host-calls', `The script sends more than ${limits.httpCalls} requests.`)
  const { url } = request
  if (!isAllowedHost(url, http.allow)) throw new HttpFault(`Scripts of this app may send nothing to "${url.origin}".`)
  const headers = headersFor(url, request.headers, host.secrets ?? {})
  const network = http.network ?? machineNetwork
  const address = await addressOf(url, network)
  const dialed = network.dial(address, Number(url.port || (url.protocol === 'https:' ? 443 : 80)))
  return exchange({ ...request, headers }, { dialed, signal, maxBytes: http.maxBytes ?? 512 * 1024 })
}

/** The address that is connected to: the one that was looked at, however the host's name answers a moment later. */
async function addressOf(url: URL, network: Network): Promise<string> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = isIP(host) === 0 ? await resolved(host, network) : [host]
  // Not one of them may lead inside: whoever mixes them means it.
  if (addresses.length === 0 || !addresses.every(isPublicAddress))
    throw new HttpFault(`"${url.hostname}" is at no public address.`)
  return addresses[0]!
}

async function resolved(host: string, network: Network): Promise<readonly string[]> {
  try {
    return await network.resolve(host)
  } catch {
    throw new HttpFault(`There is no host "${host}".`)
  }
}

function redirectOf(request: HttpRequest, { status, headers }: HttpAnswer): HttpRequest | null {
  const location = headers.location
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return null
  if (!URL.canParse(location, request.url)) throw new HttpFault('The answer leads to what is no URL.')
  const url = new URL(location, request.url)
  const isKept = status === 307 || status === 308 || request.method === 'GET'
  const { authorization: _a, cookie: _c, ...others } = request.headers
  const known = url.origin === request.url.origin ? request.headers : others
  if (isKept) return { ...request, url, headers: known }
  const { 'content-type': _t, ...bodiless } = known
  return { url, method: 'GET', headers: bodiless, body: null }
}
