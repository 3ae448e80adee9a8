import type { Json } from '#base'
import type { HttpRequest } from './exchange.ts'
import { HttpFault } from './http-fault.ts'
import type { WrittenHeaders } from './secret-headers.ts'

/** A request in the words of a script. */
export interface WrittenRequest {
  readonly method: string
  readonly url: string
  readonly options: object
}

/** What a script asks for; headers still have their secrets by name. @throws HttpFault */
export function readRequest({ method, url, options }: WrittenRequest): HttpRequest {
  const { headers = {}, json, text, query = {}, ...others } = options as Readonly<Record<string, Json | undefined>>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw new HttpFault(`A request has "headers", "query", "json" and "text", not "${unknown}".`)
  const target = withQuery(targetOf(url), query)
  const written = lowered(headers)
  if (json !== undefined) return { method, url: target, headers: typed(written), body: JSON.stringify(json) }
  if (text !== undefined && typeof text !== 'string') throw new HttpFault('"text" of a request is a text.')
  return { method, url: target, headers: written, body: text ?? null }
}

function targetOf(text: string): URL {
  if (!URL.canParse(text)) throw new HttpFault('A request goes to a whole URL: "https://api.example.com/orders".')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new HttpFault('A request goes to a URL of http or https.')
  if (url.username !== '' || url.password !== '') throw new HttpFault('A URL of a request names no user.')
  url.hash = ''
  return url
}

function withQuery(url: URL, query: Json): URL {
  for (const [name, value] of Object.entries(objectOf(query, 'query'))) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new HttpFault(`"${name}" of a query is a text, a number or a truth.`)
    url.searchParams.append(name, String(value))
  }
  return url
}

function lowered(headers: Json): WrittenHeaders {
  return Object.fromEntries(
    Object.entries(objectOf(headers, 'headers')).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function typed(headers: WrittenHeaders): WrittenHeaders {
  return { 'content-type': 'application/json', ...headers }
}

function objectOf(value: Json, name: string): Readonly<Record<string, Json>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, Json>>
  throw new HttpFault(`"${name}" of a request is an object.`)
}
