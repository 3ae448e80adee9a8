import type { Terminal } from '../../../cli/output/terminal.ts'

/** A terminal that keeps what it is told. */
export interface RecordingTerminal extends Terminal {
  readonly printed: readonly string[]
  readonly said: readonly string[]
  readonly asked: readonly string[]
}

/** A terminal that keeps what it is told, and gives these answers. Without any, nobody is there. */
export function recordingTerminal(...answers: readonly boolean[]): RecordingTerminal {
  const printed: string[] = []
  const said: string[] = []
  const asked: string[] = []
  return {
    printed,
    said,
    asked,
    isInteractive: answers.length > 0,
    print: (text) => void printed.push(text),
    say: (text) => void said.push(text),
    confirm: async (question) => answers[asked.push(question) - 1] ?? false,
  }
}
