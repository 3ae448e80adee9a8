import { createInterface } from 'node:readline/promises'

/** Where a command writes and asks. */
export interface Terminal {
  /** What was asked for, on standard output. */
  print(text: string): void
  /** What is going on, on standard error. */
  say(text: string): void
  /** Whether somebody is there to answer. */
  readonly isInteractive: boolean
  /** True for a yes. Only where {@link isInteractive}. */
  confirm(question: string): Promise<boolean>
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => void process.stderr.write(`${text}\n`),
    isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    confirm,
  }
}

async function confirm(question: string): Promise<boolean> {
  const asked = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await Promise.race([asked.question(`${question} [y/N] `), closed(asked)])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    asked.close()
  }
}

/** Ctrl-C and Ctrl-D are a no. */
function closed(asked: ReturnType<typeof createInterface>): Promise<string> {
  return new Promise((resolve) => asked.once('close', () => resolve('')))
}
