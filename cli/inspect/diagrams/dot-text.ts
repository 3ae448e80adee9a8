import { plainText } from './plain-text.ts'

/** Words inside of an HTML-like label of Graphviz. Its parser knows these five and numbers. */
export function htmlText(words: string): string {
  return plainText(words).replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}

/** A quoted string of DOT. A backslash would begin an escape such as `\N`; entities are read in plain strings too. */
export function dotString(words: string): string {
  const escaped = plainText(words).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')
  return `"${escaped}"`
}
