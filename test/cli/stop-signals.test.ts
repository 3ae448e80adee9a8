import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { root } from './support/run-rowhouse.ts'

/** A process that says what it hears, and ends on `end`. */
const listener = `
  import { StopSignals } from '${root}/cli/stop-signals.ts'
  const stops = new StopSignals()
  stops.asked.then(() => console.log('asked'))
  stops.hurry.addEventListener('abort', () => { console.log('hurry'); process.exit(0) })
  setInterval(() => {}, 1000)
  console.log('ready')
`

function listen(stdio: 'pipe' | 'ipc') {
  const child = spawn(process.execPath, ['--input-type=module', '-e', listener], {
    stdio: ['ignore', 'pipe', 'inherit', ...(stdio === 'ipc' ? (['ipc'] as const) : [])],
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
  await new Promise((resolve) => setTimeout(resolve, 1200))
  expect(heard()).toBe('ready\nasked\n')
  child.kill('SIGINT')
  await once(child, 'exit')
  expect(heard()).toBe('ready\nasked\nhurry\n')
})

test('when the launcher is gone, everything ends at once', async () => {
  const { child, until, heard } = listen('ipc')
  await until('ready')
  child.disconnect()
  await once(child, 'exit')
  expect(heard()).toContain('hurry')
})
