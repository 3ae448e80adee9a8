import { format } from 'node:util'

const mostCharacters = 300

/**
 * Makes `console` say one line at a time, without stacks, while a server runs. Libraries print errors that callers provoke, and words of theirs: neither may fill the
 * log, nor begin a line of it.
 *
 * @returns puts it back
 */
export function oneLineConsole(say: (line: string) => void): () => void {
  const { debug, error, info, log, trace, warn } = console
  const line = (...parts: readonly unknown[]) => say(`console  ${oneLine(format(...parts))}`)
  Object.assign(console, { debug: line, error: line, info: line, log: line, trace: line, warn: line })
  return () => void Object.assign(console, { debug, error, info, log, trace, warn })
}

function oneLine(text: string): string {
  const lines = text.split(/[\r\n\u2028\u2029]+/).filter((line) => !/^\s+at /.test(line))
  const whole = lines.join(' ').replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ')
  return whole.length > mostCharacters ? `${whole.slice(0, mostCharacters)}…` : whole
}
