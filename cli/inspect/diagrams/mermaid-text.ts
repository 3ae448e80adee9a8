import { plainText } from './plain-text.ts'

/**
 * Words in a Mermaid diagram. All but letters, digits and a few harmless signs are written as numbers: Mermaid reads quotes, comments,
 * directives (`%%{init: …}%%`), Markdown and HTML inside of labels.
 */
export function mermaidText(words: string): string {
  return plainText(words).replaceAll(
    /[^\p{L}\p{M}\p{N} .,=+/()[\]?!-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  )
}

/** The words in quotes. */
export function mermaidString(words: string): string {
  return `"${mermaidText(words)}"`
}

/** A name that needs no quotes in any diagram; others become `_`. Only for names of the language, which are such anyway. */
export function mermaidName(name: string): string {
  const word = name.replaceAll(/[^A-Za-z0-9_]/g, '_')
  return /^[A-Za-z]/.test(word) ? word : `n_${word}`
}
