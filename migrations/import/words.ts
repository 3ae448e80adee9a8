import pluralize from 'pluralize'
import { lowerFirst, upperFirst } from '#base'

/** Words that English treats as one and `pluralize` does not. */
const alike: ReadonlySet<string> = new Set(['data', 'metadata', 'media', 'statistics', 'series', 'news', 'sms', 'gps'])

/** The words of a name of the database, small and without accents: `Order Details`, `orderDetails`, `ORDER_DETAILS` → order, details. */
export function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[ßæœøłđðþ]/giu, (letter) => cased(letter))
    .split(/[^A-Za-z0-9]+/)
    .flatMap((part) => (/[a-z]/.test(part) ? splitCase(part) : [part]))
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

/** Letters that are no other with an accent. */
const spelled: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th' },
}

function cased(letter: string): string {
  const small = spelled[letter.toLowerCase()] ?? ''
  return letter === letter.toLowerCase() ? small : small.toUpperCase()
}

function splitCase(part: string): readonly string[] {
  return part
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(' ')
}

/** `order_details` → `OrderDetail` */
export function typeName(name: string): string {
  const words = wordsOf(name)
  const singular = words.map((word, at) => (at === words.length - 1 ? singularOf(word) : word))
  const joined = singular.map(upperFirst).join('')
  if (joined === '') return 'Table'
  return /^\d/.test(joined) ? `T${joined}` : joined
}

function singularOf(word: string): string {
  return alike.has(word) ? word : pluralize.singular(word)
}

/** `unit_price` → `unitPrice` */
export function memberName(name: string): string {
  const joined = wordsOf(name).map(upperFirst).join('')
  if (joined === '') return 'column'
  return /^\d/.test(joined) ? `c${joined}` : lowerFirst(joined)
}

/** `customer_id` → `customer`; `country_code` → `country` where it leads to a Country. */
export function linkName(column: string, target: string): string {
  const words = wordsOf(column)
  const last = words.at(-1) ?? ''
  const rest = memberName(words.slice(0, -1).join('_'))
  if (words.length > 1 && ['id', 'fk', 'uuid', 'ref'].includes(last)) return rest
  const isKeyWord = ['code', 'no', 'nr', 'number', 'key', 'name', 'slug'].includes(last)
  return words.length > 1 && isKeyWord && rest === lowerFirst(target) ? rest : memberName(column)
}

/** The first candidate that is free; further ones have a number behind. */
export function freeName(candidates: readonly string[], isFree: (name: string) => boolean): string {
  const found = candidates.find(isFree)
  if (found !== undefined) return found
  const last = candidates.at(-1) ?? 'name'
  for (let number = 2; ; number += 1) if (isFree(`${last}${number}`)) return `${last}${number}`
}
