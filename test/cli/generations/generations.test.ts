import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Model } from '#schema'
import { defaultLimits } from '#server'
import { Generation } from '../../../cli/dev/generations/generation.ts'
import { Generations, type GenerationsOptions } from '../../../cli/dev/generations/generations.ts'
import { allow, compare, makeModel, text } from '../../support/model.ts'

const entry = new URL('./fake-generation-thread.ts', import.meta.url)

/** A note is part of the API, a condition of a rule is not. */
function model(note: string, name = 'Ada'): Model {
  const rule = allow('some', 'signedIn', ['read'], { where: compare('name', 'is', name) })
  const made = makeModel({ entities: { Note: { fields: { name: text() } } }, policies: { Note: [rule] } })
  return { ...made, entities: made.entities.map((entity) => ({ ...entity, note })) }
}

async function open(note: string, options: Partial<GenerationsOptions> = {}) {
  const said: string[] = []
  const settings = { host: '127.0.0.1', port: 0, limits: defaultLimits }
  const workshop = { model: '', problems: [], people: null }
  const plan = { model: model(note), settings, workshop } as never
  const generations = await Generations.open({ plan, entry, say: (line) => said.push(line), ...options })
  let isClosed = false
  const close = async () => {
    if (!isClosed) await generations.close()
    isClosed = true
  }
  onTestFinished(close)
  const ask = async (path = '/') => (await fetch(generations.url + path)).text()
  return { generations, said, close, ask }
}

const nothing = async () => undefined

test('another API is served by another thread from the moment that the database has followed', async () => {
  const { generations, said, ask } = await open('one')
  const during: string[] = []
  const slow = ask('/slow')
  await generations.replace(model('two'), async () => {
    during.push(await ask())
  })
  expect([during, await ask(), await slow]).toEqual([['one'], 'two', 'one'])
  await expect.poll(() => said).toEqual(['one begins', 'one shows 0', 'two begins', 'two shows 0', 'one hangs up'])
})

test('the same API takes another model in the same thread', async () => {
  const { generations, said, ask } = await open('one')
  await generations.replace(model('one', 'Bo'), nothing)
  expect(await ask()).toBe('one')
  expect(said.filter((line) => line.includes('begins'))).toEqual(['one begins'])
})

test('what cannot be built, or the database does not follow, changes nothing', async () => {
  const { generations, ask } = await open('one')
  await expect(generations.replace(model('broken'), nothing)).rejects.toThrow('broken')
  const refused = async () => {
    throw new Error('refused')
  }
  await expect(generations.replace(model('two'), refused)).rejects.toThrow('refused')
  await expect(generations.replace(model('one', 'Bo'), refused)).rejects.toThrow('refused')
  expect(await ask()).toBe('one')
  await generations.replace(model('three'), nothing)
  expect(await ask()).toBe('three')
})

test('the last of several changes wins: those in the making are given up, and their databases not touched', async () => {
  const { generations, said, ask } = await open('one')
  const followed: string[] = []
  const changes = ['endless two', 'endless three', 'four'].map((note) => {
    const stop = new AbortController()
    const follow = async () => void followed.push(note)
    return { stop, done: generations.replace(model(note), follow, stop.signal).catch(() => 'given up') }
  })
  await expect.poll(() => said).toContain('endless two begins')
  for (const { stop } of changes.slice(0, 2)) stop.abort()
  expect(await Promise.all(changes.map(({ done }) => done))).toEqual(['given up', 'given up', undefined])
  expect([followed, await ask()]).toEqual([['four'], 'four'])
  expect(said).not.toContain('endless three begins')
})

test.each(['exit', 'throw'])(
  'a thread that ends (%s) is said and started again; what is asked meanwhile waits',
  async (how) => {
    const { generations, said, ask } = await open('one')
    await generations.replace(model('two'), nothing)
    const hit = await fetch(`${generations.url}/${how}`)
    expect([hit.status, JSON.parse(await hit.text()).errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE'])
    expect(await Promise.all([ask(), ask()])).toEqual(['two', 'two'])
    expect(said.join('\n')).toContain('What answers requests ended unexpectedly, and is started again.')
    if (how === 'throw') expect(said.join('\n')).toContain('Error: thrown')
  },
)

test('a spare thread that ended while it waited is not waited for', async () => {
  const { generations, ask } = await open('one')
  vi.stubEnv('ROWHOUSE_TEST_SPARE', 'ends')
  onTestFinished(() => void vi.unstubAllEnvs())
  generations.warm()
  const failing = generations.replace(model('two'), nothing)
  await expect(failing).rejects.toThrow('ended before it was done')
  vi.unstubAllEnvs()
  await generations.replace(model('three'), nothing)
  expect(await ask()).toBe('three')
})

test('what accepts connections ends, and that is said; what changes, and what ends, waits for it no longer', async () => {
  const frontEntry = new URL('../../support/ending-front-thread.ts', import.meta.url)
  const { generations, said, close, ask } = await open('one', { frontEntry })
  expect(await ask()).toBe('one')
  await generations.replace(model('two'), nothing)
  await expect.poll(() => said.join('\n')).toMatch(/^What accepts connections ended, .* its thread ended$/m)
  await expect(ask()).rejects.toThrow('fetch failed')
  await close()
})

test('answers of a thread belong to what it was told, in whatever order they come', async () => {
  const pipe = join(mkdtempSync(join(tmpdir(), 'rowhouse-generation-')), 'pipe')
  const generation = new Generation({ entry, say: () => undefined })
  onTestFinished(async () => {
    await generation.close()
    rmSync(dirname(pipe), { recursive: true })
  })
  await generation.serve({ model: model('one'), pipe } as never)
  const followed: string[] = []
  const late = generation.replace(model('late'), async () => void followed.push('late'))
  const next = generation.replace(model('two'), async () => void followed.push('two'))
  await expect(late).rejects.toThrow('too late')
  await next
  expect(followed).toEqual(['two'])
})

test('the real thread refuses to serve something else before it serves', async () => {
  const generation = new Generation({ say: () => undefined })
  onTestFinished(() => generation.abandon())
  await expect(generation.replace(model('one'), nothing)).rejects.toThrow('serves before it serves something else')
})

test('when it is closed, no thread, no pipe and no port is left, whatever was being made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-generations-'))
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const pipes = () => readdirSync(folder)
  const { generations, said, close } = await open('one')
  generations.warm()
  const stuck = generations.replace(model('endless'), nothing).catch(() => 'given up')
  await expect.poll(() => said).toContain('endless begins')
  expect(pipes()).toEqual([expect.stringMatching(/^rowhouse-pipes-/)])
  await close()
  expect(await stuck).toBe('given up')
  expect(pipes()).toEqual([])
  await expect(fetch(generations.url)).rejects.toThrow()
})

test('when the process is killed, nothing of it listens any more', async () => {
  const child = spawn(process.execPath, [new URL('./serving-process.ts', import.meta.url).pathname])
  const ended = new Promise((resolve) => child.once('close', resolve))
  let [out, faults] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    faults += chunk
  })
  await expect.poll(() => out + faults, { timeout: 30_000 }).toMatch(/^http.*\n/)
  expect(await (await fetch(out.trim())).text()).toBe('one')
  child.kill('SIGKILL')
  await ended
  await expect(fetch(out.trim())).rejects.toThrow()
  expect(existsSync(`/proc/${child.pid}`)).toBe(false)
})
