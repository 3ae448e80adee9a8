/**
 * A person's words as part of a `--` comment: one line, nothing invisible, nothing that graphile-migrate would take for a
 * placeholder.
 */
export function commentText(words: string): string {
  return words
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g, ' ')
    .replaceAll(/:(?=[A-Z])/g, ': ')
    .trim()
}
