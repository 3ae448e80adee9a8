import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

/** A process of the bench that answers one question at a time. */
export interface Child<Question, Answer> {
  ask(question: Question): Promise<Answer>
  close(): Promise<void>
}

/**
 * Starts a file of this folder in a process of its own, told `options` as JSON.
 *
 * @returns the first thing that it says, and it
 */
export async function startChild<First, Question, Answer>(
  file: string,
  options: object,
): Promise<readonly [First, Child<Question, Answer>]> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(options)], {
    execArgv: [],
    // As servers are run: libraries leave the checks out that they make for developers.
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  const hear = (chunk: Buffer) => {
    said += chunk
  }
  child.stdout!.on('data', hear)
  child.stderr!.on('data', hear)
  const next = <T>() => nextMessage<T>(child, () => `${file} ended:\n${said}`)
  return [
    await next<First>(),
    {
      ask: (question) => {
        const answer = next<Answer>()
        child.send(question as object)
        return answer
      },
      close: async () => {
        if (child.exitCode !== null) return
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.disconnect()
        await ended
      },
    },
  ]
}

function nextMessage<T>(child: ChildProcess, ended: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(ended()))
    child.once('exit', fail)
    child.once('message', (message) => {
      child.off('exit', fail)
      resolve(message as T)
    })
  })
}
