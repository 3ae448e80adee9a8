import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { samePressMs } from '../../cli/stop-signals.ts'
import { root } from './support/run-rowhouse.ts'

/** A process that says what it hears. Its clock stands still, and goes on by as much as it is told on standard input. */
const listener = `
  import { StopSignals } from '${root}/cli/stop-signals.ts'
  let now = 0
  const stops = new StopSignals(() => now)
  stops.asked.then(() => console.log('asked'))
  stops.hurry.addEventListener('abort', () => { console.log('hurry'); process.exit(0) })
  // Called behind the listener of StopSignals, which has heard it then, too.
  process.on('SIGTERM', () => console.log('terminate'))
  process.stdin.on('data', (ms) => { now += Number(ms); console.log('later') })
  console.log('ready')
`

function listen(stdio: 'pipe' | 'ipc') {
  const child = spawn(process.execPath, ['--input-type=module', '-e', listener], {
    stdio: ['pipe', 'pipe', 'inherit', ...(stdio === 'ipc' ? (['ipc'] as const) : [])],
  })
  let heard = ''
  const wanted = new Map<string, () => void>()
  child.stdout!.on('data', (chunk) => {
    heard += chunk
    for (const [word, resolve] of wanted) if (heard.includes(word)) resolve()
  })
  const until = (word: string) =>
    heard.includes(word) ? Promise.resolve() : new Promise<void>((resolve) => void wanted.set(word, resolve))
  return { child, until, heard: () => heard }
}

test('several signals at once are one Ctrl-C; a later one hurries', async () => {
  const { child, until, heard } = listen('pipe')
  await until('ready')
  for (let copy = 0; copy < 3; copy++) child.kill('SIGINT')
  await until('asked')
  child.kill('SIGTERM')
  await until('terminate')
  expect(heard()).toBe('ready\nasked\nterminate\n')
  child.stdin!.write(`${samePressMs + 1}\n`)
  await until('later')
  child.kill('SIGINT')
  // Its streams are closed then, too.
  await once(child, 'close')
  expect(heard()).toBe('ready\nasked\nterminate\nlater\nhurry\n')
})

test('when the launcher is gone, everything ends at once', async () => {
  const { child, until, heard } = listen('ipc')
  await until('ready')
  const ended = once(child, 'exit')
  child.disconnect()
  await Promise.all([ended, until('hurry')])
  expect(heard()).toContain('hurry')
})
