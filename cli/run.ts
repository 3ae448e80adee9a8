import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { describeFailure } from './output/describe-failure.ts'
import { processTerminal, type Terminal } from './output/terminal.ts'
import { docsFolder } from './package-root.ts'
import { createProgram } from './program.ts'

/** Something that was left open must not keep the process from ending. */
const lingerMs = 2000

/** Runs the command line and sets the exit code of this process. Never rejects. */
export async function main(args: readonly string[]): Promise<void> {
  // In its development mode the query planner prints words of callers as they are, line breaks included: whoever sends a cursor
  // could write lines of the log. Left unset it recommends that mode on every start.
  process.env.GRAPHILE_ENV = 'production'
  // Whoever reads may have read enough (`… | head`); that is no error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)
  process.exitCode = await run(args, processTerminal())
  if (process.exitCode === exitCodes.interrupted) process.exit()
  setTimeout(() => process.exit(), lingerMs).unref()
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** Runs the command line; the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const session = { terminal, environment: process.env, folder: null, exitCode: exitCodes.ok }
  const program = createProgram(session)
  try {
    await program.parseAsync(args, { from: 'user' })
    return session.exitCode
  } catch (error) {
    // Commander has printed its own already.
    if (error instanceof CommanderError) return isAnswer(error) && args.length > 0 ? exitCodes.ok : exitCodes.usage
    const debug = args.includes('--debug') || (process.env.ROWHOUSE_DEBUG ?? '') !== ''
    const failure = describeFailure(error, { folder: session.folder, docs: docsFolder(), debug })
    terminal.say(failure.text)
    return failure.exitCode
  }
}

function isAnswer(error: CommanderError): boolean {
  return ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code)
}
