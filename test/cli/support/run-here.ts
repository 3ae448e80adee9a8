import { run } from '../../../cli/run.ts'
import { recordingTerminal } from './recording-terminal.ts'
import type { Ended } from './run-rowhouse.ts'

/**
 * Runs `rowhouse` inside of this process, which spares the start of another for each of many questions. Its settings come from this
 * process's environment. Commands that listen for signals (dev, seed, policy test) let go of the channel to vitest, so `runRowhouse` runs those.
 */
export async function runHere(args: readonly string[]): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> {
  const terminal = recordingTerminal()
  const code = await run(args, terminal)
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
  return { code, stdout: text(terminal.printed), stderr: text(terminal.said) }
}
