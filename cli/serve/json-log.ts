import { formatSpan, type Problem } from '#base'
import type { Log } from '#server'
import { shownText } from '../output/shown-text.ts'
import type { Terminal } from '../output/terminal.ts'

/** What happens on a server, one JSON object a line. Says nothing of tokens, of addresses with passwords, or of rows. */
export function jsonLog(terminal: Terminal): Log {
  return (event) => {
    switch (event.kind) {
      case 'internal-error':
        return terminal.print(logLine(event.kind, { id: event.id, ...describe(event.error) }))
      case 'unauthenticated':
        return terminal.print(logLine(event.kind, { reason: event.reason }))
      case 'script-log': {
        const { kind, line, ...of } = event
        return terminal.print(logLine(kind, { ...of, line: shownText(line, 2_000) }))
      }
      case 'connection-lost':
        return terminal.print(logLine(event.kind, describe(event.error)))
    }
  }
}

/** A line for each thing that the author of the app should know. */
export function logWarnings(warnings: readonly Problem[], terminal: Terminal): void {
  for (const { code, message, at } of warnings)
    terminal.print(logLine('warning', { code, message, place: at === null ? null : formatSpan(at) }))
}

/** One line of the log. */
export function logLine(event: string, facts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ at: new Date().toISOString(), event, ...facts })
}

/** Postgres quotes values of rows in messages of some classes (22, 23) and in `detail`: their code alone is logged. */
function describe(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const mayQuote = code !== undefined && /^2[23]/.test(code)
  const inner = error.cause === undefined ? {} : { cause: describe(error.cause) }
  return { error: error.name, code, message: mayQuote ? undefined : error.message, stack: framesOf(error), ...inner }
}

/** Where it happened, without the message. */
function framesOf({ stack = '' }: Error): readonly string[] {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.slice(7))
}
