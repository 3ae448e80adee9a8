import { run } from '../../../cli/run.ts'
import { recordingTerminal } from './recording-terminal.ts'
import type { Ended } from './run-rowhouse.ts'

/**
 * Runs `rowhouse` inside of this process, which spares the start of another for each of many questions. A file of an app that changes between two
 * runs stays as it was, for Node keeps what it imported. Where streams, signals or the end of
 * the process matter, `runRowhouse` is what users run.
 *
 * @param settings names of the environment and their values, on top of this process's, for as long as it takes
 */
export async function runHere(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Pick<Ended, 'code' | 'stdout' | 'stderr'>> {
  const terminal = recordingTerminal()
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, settings)
  try {
    const code = await run(args, terminal)
    return { code, stdout: textOf(terminal.printed), stderr: textOf(terminal.said) }
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    // Commands that listen for signals let go of the channel to the launcher; here it leads to vitest.
    process.channel?.ref()
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
