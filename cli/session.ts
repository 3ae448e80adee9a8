import type { Terminal } from './output/terminal.ts'

/** One run of the command line. */
export interface Session {
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Absolute path of the app, once the command knows it: code frames are read from there. */
  folder: string | null
  /** What the process exits with when the command does not throw. */
  exitCode: number
}
