import type { Log } from '#server'
import type { Terminal } from '../output/terminal.ts'

/** What goes wrong while requests are answered, for a developer to read. */
export function devLog(terminal: Terminal): Log {
  return (event) => {
    switch (event.kind) {
      case 'internal-error':
        return terminal.say(`INTERNAL ${event.id}  ${textOf(event.error)}`)
      case 'unauthenticated':
        return terminal.say(`UNAUTHENTICATED  ${event.reason}`)
      case 'connection-lost':
        return terminal.say(`A connection to the database was lost: ${textOf(event.error)}`)
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
