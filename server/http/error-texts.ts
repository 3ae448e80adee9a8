import type { RequestErrorCode } from '#base'
import type { Messages, placeholders } from '../config/messages.ts'

/** An error as a caller is told of it. */
export interface ToldError {
  readonly code: string
  readonly message: string
  readonly extensions: Readonly<Record<string, unknown>>
}

/** Words an error in the language of a caller. */
export type Localise = (error: ToldError) => Pick<ToldError, 'message' | 'extensions'>

/**
 * How errors are told to whom sends these languages; null: in English, as they are.
 *
 * @param acceptLanguage the header
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 */
export function localiser(messages: Messages, acceptLanguage: string | null | undefined): Localise | null {
  const locale = acceptLanguage == null ? null : chosenLocale(Object.keys(messages), acceptLanguage)
  if (locale === null) return null
  const texts = messages[locale]!
  return ({ code, message, extensions }) => {
    const rows = extensions.rows as readonly RefusedRow[] | undefined
    if (rows === undefined) return { message: textOf(texts, { code, message, extensions }), extensions }
    // Of a batch each row is told of; the message is that of the first, with its place.
    const told = rows.map((row) => ({ ...row, message: textOf(texts, { ...row, extensions: row }) }))
    const place = /^(?:\d+ rows are refused\. )?("[^"]+": )/.exec(message)?.[1] ?? ''
    return { message: `${place}${told[0]?.message ?? message}`, extensions: { ...extensions, rows: told } }
  }
}

interface RefusedRow {
  readonly code: string
  readonly message: string
  readonly [name: string]: unknown
}

/** The first that the caller asks for and that has texts; null as soon as English comes first. */
function chosenLocale(known: readonly string[], header: string): string | null {
  const asked = header
    .slice(0, 500)
    .split(',')
    .map((part, at) => {
      const [tag = '', ...options] = part.trim().split(/\s*;\s*/)
      const weight = Number(options.find((option) => option.startsWith('q='))?.slice(2) ?? 1)
      return { tag: tag.toLowerCase(), weight: Number.isFinite(weight) ? weight : 0, at }
    })
    .filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0)
    .sort((a, b) => b.weight - a.weight || a.at - b.at)
  for (const { tag } of asked) {
    for (let each = tag; each !== ''; each = each.slice(0, Math.max(0, each.lastIndexOf('-')))) {
      const locale = known.find((one) => one.toLowerCase() === each)
      if (locale !== undefined) return locale
      if (each === 'en') return null
    }
  }
  return null
}

function textOf(texts: Messages[string], error: ToldError): string {
  if (isOfAuthor(error)) return error.message
  const values = valuesOf(error)
  const given = Object.hasOwn(texts, error.code) ? texts[error.code as RequestErrorCode] : undefined
  for (const text of [given ?? []].flat()) {
    const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as Placeholder)
    if (names.every((name) => values[name] !== null))
      return text.replaceAll(/\{(\w+)\}/g, (_, name) => values[name as Placeholder]!)
  }
  return error.message
}

type Placeholder = (typeof placeholders)[number]

function valuesOf({ message, extensions }: ToldError): Readonly<Record<Placeholder, string | null>> {
  const { fields, list, id, limit, most } = extensions
  return {
    fields: Array.isArray(fields) && fields.length > 0 ? fields.join(', ') : null,
    rule: ruleOf(extensions)?.title ?? null,
    list: typeof list === 'string' ? list : null,
    id: typeof id === 'string' ? id : null,
    limit: typeof limit === 'string' ? limit : null,
    most: typeof most === 'number' ? String(most) : null,
    message,
  }
}

function ruleOf({
  rule,
}: ToldError['extensions']): { readonly title?: string; readonly because?: string | null } | null {
  if (typeof rule === 'string') return { title: rule }
  return (rule ?? null) as { readonly title?: string; readonly because?: string | null } | null
}

/** Whoever wrote the rule wrote for its readers. */
function isOfAuthor({ message, extensions }: ToldError): boolean {
  const rule = ruleOf(extensions)
  return rule !== null && (rule.because === message || rule.title === message)
}
