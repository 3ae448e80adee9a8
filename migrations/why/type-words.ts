import type { FieldType } from '#schema'

/**
 * What a field holds, for people: `text of at most 20 characters`, `one of "draft", "placed"`. Kinds that are not known here are
 * described by their name and their limits.
 */
export function typeWords(type: FieldType): string {
  const limits = limitWords(type)
  const what = kindWords(type)
  return limits.length === 0 ? what : `${what}, ${limits.join(', ')}`
}

function kindWords(type: FieldType): string {
  if (type.kind === 'text') return type.format === 'string' ? 'text' : type.format
  if (type.kind === 'choice') return `one of ${shortened(type.values.map(({ value }) => `"${value}"`))}`
  if (type.kind === 'decimal') return `a number of ${type.precision} digits, ${type.scale} behind the point`
  if (type.kind === 'money') return type.currency === null ? 'an amount of money' : `an amount in ${type.currency}`
  if (type.kind === 'duration') return `a number of ${type.in}`
  if (type.kind === 'list') return `a list, each ${kindWords(type.of)}`
  if (type.kind === 'shape') return `an object of ${shortened(type.parts.map(({ name }) => name))}`
  return namedKinds[type.kind] ?? type.kind
}

const namedKinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  int64: 'a whole number',
  float: 'a finite number',
  boolean: 'true or false',
  date: 'a day of the calendar',
  datetime: 'a finite instant',
  time: 'a time of day',
  period: 'a period that begins before it ends',
  embed: 'a value object, there with all that it needs or not at all',
  dict: 'an object of the form that was declared',
  base64: 'binary data',
  secret: 'a mark: the secret itself is kept elsewhere',
}

const limitNames: Readonly<Record<string, string>> = {
  min: 'at least',
  max: 'at most',
  maxBytes: 'bytes at most:',
  matches: 'matching',
}

function limitWords(type: FieldType): readonly string[] {
  const unit = type.kind === 'text' ? ' characters' : type.kind === 'list' ? ' of them' : ''
  return Object.entries(type).flatMap(([key, value]) => {
    const words = limitNames[key]
    if (words === undefined || value === null) return []
    return [key === 'matches' ? `${words} /${String(value)}/` : `${words} ${String(value)}${unit}`]
  })
}

/** Long lists are cut: who wants to know them all reads the field. */
function shortened(words: readonly string[]): string {
  return words.length <= 8 ? words.join(', ') : `${words.slice(0, 7).join(', ')} and ${words.length - 7} more`
}
