import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { AppLoader } from '../../../cli/dev/load/app-loader.ts'
import type { LiveApp } from '../../../cli/dev/watch/live-app.ts'
import { ReloadLoop } from '../../../cli/dev/watch/reload-loop.ts'
import type { Session } from '../../../cli/session.ts'
import { root } from '../support/run-rowhouse.ts'

mkdirSync(join(root, '.tmp'), { recursive: true })
const folder = realpathSync(mkdtempSync(join(root, '.tmp', 'loop-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'schema'))

/** A loader that tells when the loop is done with a reload: then it starts the thread of the next. */
class CountedLoader extends AppLoader {
  rounds = 0
  override warm(): void {
    this.rounds++
  }
}

test('the same mistake is said once, however often files are saved; another one is news', async () => {
  const said: string[] = []
  const shown: number[] = []
  // Broken files are not served, so that only what is shown of them comes here.
  const live = {
    show: async (problems: readonly unknown[]) => void shown.push(problems.length),
    warm: () => undefined,
    touch: () => undefined,
  } as unknown as LiveApp
  const session = { terminal: { say: (text: string) => said.push(text) }, environment: {}, folder } as never as Session
  const loader = new CountedLoader({ folder, environment: {} })
  const loop = new ReloadLoop({ loader, live, session, onFiles: () => undefined })
  const save = async (file: string, text: string): Promise<void> => {
    const before = loader.rounds
    writeFileSync(join(folder, 'schema', file), text)
    loop.touch(false)
    await expect.poll(() => loader.rounds, { timeout: 30_000 }).toBe(before + 1)
  }
  await save('half.entity.ts', "export const Half = entity('Ha")
  expect(said).toEqual([expect.stringMatching(/FILE_SYNTAX_INVALID {2}schema\/half.entity.ts[\s\S]*keeps answering/)])
  for (const note of ['one', 'two']) await save('words.ts', `export const note = '${note}'\n`)
  expect([said.length, shown]).toEqual([1, [1]])
  await save('other.entity.ts', "export const Other = entity('Ot")
  expect(said).toHaveLength(2)
  expect(said[1]).toContain('2 problems')
  await loop.close()
  await loader.close()
})

test('what is new to warn of is said once, and stops nothing', async () => {
  const app = realpathSync(mkdtempSync(join(root, '.tmp', 'loop-')))
  const said: string[] = []
  const followed: unknown[] = []
  // What is served is none of this test's business.
  const live = {
    show: async () => undefined,
    warm: () => undefined,
    touch: () => undefined,
    follow: async ({ hash }: { readonly hash: string }) => {
      followed.push(hash)
      return { changes: [], liveAt: 0 }
    },
  } as unknown as LiveApp
  const session = {
    terminal: { say: (text: string) => said.push(text) },
    environment: {},
    folder: app,
  } as never as Session
  const loader = new CountedLoader({ folder: app, environment: {} })
  const loop = new ReloadLoop({ loader, live, session, onFiles: () => undefined })
  const save = async (id: string): Promise<readonly string[]> => {
    const before = loader.rounds
    const schema = `import { entity, string } from 'rowhouse/schema'
export const Thing = entity('Thing', { ${id} fields: { name: string() } })`
    writeFileSync(join(app, 'schema/thing.entity.ts'), schema)
    said.length = 0
    loop.touch(false)
    await expect.poll(() => loader.rounds, { timeout: 30_000 }).toBe(before + 1)
    return said.filter((text) => !text.startsWith('Wrote'))
  }
  try {
    mkdirSync(join(app, 'schema'))
    mkdirSync(join(app, 'policies'))
    const policies = `import { anything, defineRoles, policy } from 'rowhouse/policies'
import { Thing } from '../schema/thing.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.' })
export const ThingPolicy = policy(Thing, { 'all': { allow: 'admin', to: anything } })`
    writeFileSync(join(app, 'policies/thing.policy.ts'), policies)
    expect(await save('')).toEqual([])
    expect(await save("id: 'int32',")).toEqual([
      expect.stringMatching(/^\nwarning ENTITY_ID_NARROW {2}schema\/thing.entity.ts:2:44\n/),
    ])
    expect(await save("id: 'int32',")).toEqual([])
    expect(await save("id: 'int64',")).toEqual([])
    expect(await save("id: 'int32',")).toHaveLength(1)
    expect(followed).toHaveLength(5)
  } finally {
    await loop.close()
    await loader.close()
    rmSync(app, { recursive: true, force: true })
  }
})
