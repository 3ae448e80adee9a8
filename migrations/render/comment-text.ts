/**
 * A person's words as part of a `--` comment: one line, nothing invisible, nothing that graphile-migrate would take for a
 * placeholder.
 */
export function commentText(words: string): string {
  return words
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/:(?=[A-Z])/g, ': ')
    .trim()
}
