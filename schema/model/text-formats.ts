import type { TextFormat } from './model.ts'

/**
 * Patterns of the text formats, for whole values, in the language of `matches`. They keep out what is plainly something
 * else; whether an address exists only using it can tell.
 */
export const textFormats: Readonly<Partial<Record<TextFormat, string>>> = {
  // Words of small letters and digits, joined by single hyphens.
  slug: '[a-z0-9]+(?:-[a-z0-9]+)*',
  // One @, no blanks, a dot in the domain.
  email: '[^@\\s]+@[^@\\s.]+(?:\\.[^@\\s.]+)+',
  // Web addresses only: `javascript:` and `data:` end up in links.
  url: 'https?://\\S+',
  // Digits as people write them, an optional + in front.
  phone: '\\+?[0-9(][0-9 ()./-]{1,28}[0-9]',
  // `Europe/Berlin`, `UTC`, `Etc/GMT+5`; whether the zone exists depends on the server's tables.
  timezone: '[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*',
}
