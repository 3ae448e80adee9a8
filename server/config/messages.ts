import { type RequestErrorCode, requestErrors } from '#base'
import type { Complain } from './read-settings.ts'

/**
 * What callers are told in their language, by locale and code: a text, or several, of which the first counts whose placeholders are all known of the
 * error. `{fields}` are the fields that it names, `{rule}` the title of the rule, `{list}` the list that stands in the way, `{id}` that of the log,
 * `{limit}` and `{most}` the limit and what it allows, `{message}` the English text. Codes without a text, and what authors of rules wrote, stay as they are.
 */
export type Messages = Readonly<Record<string, Readonly<Partial<Record<RequestErrorCode, string | readonly string[]>>>>>

/** Placeholders of texts. */
export const placeholders = ['fields', 'rule', 'list', 'id', 'limit', 'most', 'message'] as const

/** The messages of a config by canonical locale; complains about each that nobody would ever read. */
export function readMessages(given: Messages | undefined, complain: Complain): Messages {
  const locales = Object.entries(given ?? {}).map(([locale, texts]) => {
    const canonical = canonicalLocale(locale)
    if (canonical === null) complain(`messages.${locale} is no locale: say one such as "de" or "pt-BR".`)
    for (const [code, text] of Object.entries(texts))
      readTexts({ at: `messages.${locale}.${code}`, code, text }, complain)
    return [canonical ?? locale, texts] as const
  })
  return Object.fromEntries(locales)
}

function canonicalLocale(locale: string): string | null {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? null
  } catch {
    return null
  }
}

function readTexts(
  { at, code, text }: { readonly at: string; readonly code: string; readonly text: unknown },
  complain: Complain,
): void {
  if (!Object.hasOwn(requestErrors, code)) complain(`${at} is no code of an error: say one of ${codes}.`)
  const texts = [text].flat()
  if (texts.length === 0 || !texts.every((each) => typeof each === 'string' && each !== '')) {
    complain(`${at} is no text, nor a list of texts.`)
    return
  }
  for (const [, name] of texts.join(' ').matchAll(/\{(\w*)\}/g))
    if (!(placeholders as readonly string[]).includes(name!))
      complain(`${at} has the placeholder {${name}}: say one of ${placeholders.map((each) => `{${each}}`).join(', ')}.`)
}

const codes = Object.keys(requestErrors).join(', ')
