import type { Json } from '#base'
import type { ScriptSecret } from '../script-call.ts'
import { isAllowedHost } from './allowed-host.ts'
import { HttpFault } from './http-fault.ts'

/** Secrets by name. */
export type Secrets = Readonly<Record<string, ScriptSecret>>

/** Headers as a script wrote them: a text, a secret by name, or both one after the other. */
export type WrittenHeaders = Readonly<Record<string, Json>>

/**
 * Headers with the values of secrets in them, for one URL.
 *
 * @throws HttpFault where a header may not be written, or a secret may not go there
 */
export function headersFor(url: URL, written: WrittenHeaders, secrets: Secrets): Record<string, string> {
  const entries = Object.entries(written)
  if (entries.length > mostHeaders) throw new HttpFault(`A request has at most ${mostHeaders} headers.`)
  return Object.fromEntries(
    entries.map(([name, value]) => [headerName(name), headerValue(name, value, { url, secrets })]),
  )
}

/** A text without any secret that may have come back in it, as it is or encoded. */
export function withoutSecrets(text: string, secrets: Secrets): string {
  return cleaned(text, secrets, (form) => form)
}

/** The same of the name of a header, which came in small letters. */
export function nameWithoutSecrets(name: string, secrets: Secrets): string {
  return cleaned(name, secrets, (form) => form.toLowerCase())
}

function cleaned(text: string, secrets: Secrets, shown: (form: string) => string): string {
  let clean = text
  for (const [name, { value }] of Object.entries(secrets))
    for (const form of formsOf(value)) clean = clean.replaceAll(shown(form), `[secret ${name}]`)
  return clean
}

const mostHeaders = 50
/** What is ours to say, or changes where a request goes or ends. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|accept-encoding)$/

function headerName(name: string): string {
  const lower = name.toLowerCase()
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower)) throw new HttpFault(`"${name}" is no name of a header.`)
  if (ownHeaders.test(lower)) throw new HttpFault(`The header "${name}" is not for scripts.`)
  return lower
}

interface Towards {
  readonly url: URL
  readonly secrets: Secrets
}

function headerValue(name: string, value: Json, towards: Towards): string {
  const parts = Array.isArray(value) ? value : [value]
  const text = parts.map((part: Json) => partValue(name, part, towards)).join('')
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text))
    throw new HttpFault(`The header "${name}" has characters that headers cannot have.`)
  return text
}

function partValue(name: string, part: Json, towards: Towards): string {
  if (typeof part === 'string') return part
  const secret = secretName(part)
  if (secret === null) throw new HttpFault(`The header "${name}" is a text, a secret or a list of these.`)
  return secretValue(secret, towards)
}

function secretName(part: Json): string | null {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return null
  const name = (part as { readonly [key: string]: Json }).$secret
  return typeof name === 'string' ? name : null
}

function secretValue(name: string, { url, secrets }: Towards): string {
  const secret = Object.hasOwn(secrets, name) ? secrets[name]! : null
  if (secret === null) throw new HttpFault(`There is no secret "${name}".`)
  if (!isAllowedHost(url, secret.hosts)) throw new HttpFault(`The secret "${name}" may not be sent to "${url.host}".`)
  return secret.value
}

/** A secret as it is, in URLs, in JSON, and in the three ways in which base64 shows it within other text. */
function formsOf(value: string): readonly string[] {
  if (value === '') return []
  const bytes = Buffer.from(value)
  const encoded = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // What stands beside the secret changes the characters at its ends.
    const inner = text.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1)
    return inner.length < shortestForm ? [] : [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    ...encoded,
  ]
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length)
}

/** Shorter pieces would be found in any text. */
const shortestForm = 6
