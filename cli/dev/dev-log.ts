import { type Log, scriptLineText } from '#server'
import type { Terminal } from '../output/terminal.ts'

/** What goes wrong while requests are answered, for a developer to read. */
export function devLog(terminal: Pick<Terminal, 'say'>): Log {
  return (event) => {
    switch (event.kind) {
      case 'internal-error':
        return terminal.say(`INTERNAL ${event.id}  ${textOf(event.error)}`)
      case 'unauthenticated':
        return terminal.say(`UNAUTHENTICATED  ${printable(event.reason)}`)
      case 'script-log':
        return terminal.say(`script  ${printable(scriptLineText(event))}`)
      case 'connection-lost':
        return terminal.say(`A connection to the database was lost: ${textOf(event.error)}`)
    }
  }
}

/** With its stack; lines that an error's own words begin are indented, so that none looks like one of ours. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const [first = '', ...others] = text.split(/\r?\n/).map(printable)
  return [first, ...others.map((line) => (line.startsWith('    at ') ? line : `    ${line}`))].join('\n')
}

/** Words that came with a request may hold what moves a terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
}
