/** A person's words for a picture: one line, nothing invisible, nothing that XML forbids, and never empty. */
export function plainText(words: string): string {
  const text = words
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\uFFFE\uFFFF]+/gu, ' ')
    .trim()
  return text === '' ? ' ' : text
}

/** Long words would make a picture wider than a page; the cut is shown. */
export function shortText(words: string, most: number): string {
  const characters = Array.from(plainText(words))
  return characters.length <= most
    ? characters.join('')
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** A line for a terminal: its own blanks stay, but nothing in it moves the cursor or begins another line. */
export function plainLine(line: string): string {
  return line.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
