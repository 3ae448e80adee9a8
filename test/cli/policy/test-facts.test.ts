import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { withClient } from '../../../cli/database/with-client.ts'
import { withApp } from '../../schema/written-app.ts'
import { serverUrl } from '../../support/database.ts'
import { bareEnvironment, root } from '../support/run-rowhouse.ts'

const policies = `import { defineActor, defineRoles, policy, signedIn } from 'rowhouse/policies'
import { Firm, Item, Person, Seat, Vault } from '../schema/all.entity.ts'
export const roles = defineRoles({ staff: 'Works.' })
export const actor = defineActor(Person, {})
export const P0 = policy(Person, { 'people are known': { allow: signedIn, to: 'read' } })
export const P1 = policy(Firm, { 'firms are known': { allow: signedIn, to: 'read' } })
export const P2 = policy(Vault, {
  'vaults open to who is surely there': { allow: 'staff', to: 'read', where: { request: { mfa: true } } },
  'vaults change at the desk': { allow: 'staff', to: 'update', where: { request: { ip: { inside: '10.0.0.0/8' } } } },
  'nobody deletes after a while': { deny: signedIn, to: 'delete', unless: { request: { signedInFor: { under: { minutes: 15 } } } } },
  'staff deletes': { allow: 'staff', to: 'delete' },
  'large firms read on': { allow: 'staff', to: 'read', where: { tenant: { plan: 'large' } } },
})
export const P3 = policy(Item, { 'items are read': { allow: signedIn, to: 'read' } })
export const P4 = policy(Seat, { 'seats are read': { allow: signedIn, to: 'read' } })`

const app = (actors: string, rows: string, expectations: string) => ({
  'schema/all.entity.ts': `export const Person = entity('Person', { tenant: false, fields: { name: string() } })
export const Firm = entity('Firm', { tenant: 'self', fields: { plan: string() } })
export const Vault = entity('Vault', { id: 'int32', fields: { name: string(), where: embed({ room: string() }) } })
export const Item = entity('Item', { key: 'sku', fields: { sku: string({ max: 20 }), count: int({ max: 9 }) }, relations: { vault: one('Vault') } })
export const Seat = entity('Seat', { key: ['vault', 'number'], fields: { number: int() }, relations: { vault: one('Vault') } })`,
  'policies/all.ts': policies,
  'policies/all.policy.test.ts': `import { policyTest } from 'rowhouse/policies'
export const all = policyTest('all', {
  actors: { ${actors} },
  rows: { ${rows} },
  expect: {
${expectations}
  },
})`,
})

const rows = `own: { Firm: { plan: 'small' } }, big: { Firm: { plan: 'large' } }, v: { Vault: {} }, w: { Vault: {} }, i: { Item: { vault: 'v' } }, s: { Seat: { vault: 'v', number: 1 } }`
const actors = `ann: { roles: ['staff'] }, mfa: { roles: ['staff'], request: { mfa: true, ip: '10.1.2.3', signedInFor: 60 } }, far: { roles: ['staff'], request: { ip: '11.1.2.3', signedInFor: 1000 } }, eve: { roles: ['staff'], tenant: 'big' }`

/** How a run ended, and names of the databases in which it was seen at work. */
interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly prefixes: readonly string[]
}

let runs = 0

/** Runs it and looks at what it makes meanwhile, told from other runs by a name on its connections; `onWork` once it is at work. */
async function policyTestOf(folder: string, onWork: (pid: number) => void = () => {}): Promise<Run> {
  const url = new URL(await serverUrl())
  runs += 1
  const name = `facts-${process.pid}-${runs}`
  url.searchParams.set('application_name', name)
  const child = spawn(process.execPath, [`${root}/bin/rowhouse.mjs`, 'policy', 'test', folder], {
    cwd: root,
    env: { ...bareEnvironment(), ROWHOUSE_MIGRATE_URL: url.href },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (said.stdout += chunk))
  child.stderr.on('data', (chunk) => (said.stderr += chunk))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let isOver = false
  void ended.then(() => (isOver = true))
  const seen = new Set<string>()
  await withClient(await serverUrl(), async (client) => {
    while (!isOver) {
      const { rows: found } = await client.query<{ name: string }>(
        "select datname as name from pg_stat_activity where application_name = $1 and datname like 'rh\\_test\\_%'",
        [name],
      )
      if (found.length > 0 && seen.size === 0) onWork(child.pid!)
      for (const each of found) seen.add(/^rh_test_[0-9a-f]+/.exec(each.name)![0])
      await client.query('select pg_sleep(0.02)')
    }
  })
  return { code: await ended, ...said, prefixes: [...seen] }
}

/** Databases and roles that are left of a run. */
async function leftOf({ prefixes }: Run): Promise<readonly string[]> {
  expect(prefixes).toHaveLength(1)
  return withClient(await serverUrl(), async (client) => {
    const { rows: found } = await client.query<{ name: string }>(
      `select datname as name from pg_database where starts_with(datname, $1)
       union all select rolname from pg_roles where starts_with(rolname, $1)`,
      [prefixes[0]],
    )
    return found.map(({ name }) => name)
  })
}

test('asks with what a request says, in another tenant, and of rows with keys of every kind', async () => {
  const expectations = `'ann reads v': false, 'mfa reads v': true, 'far reads v': false, 'ann updates v { name: "x" }': false,
    'mfa updates v { name: "x" }': true, 'far updates v { name: "x" }': false, 'mfa deletes w': true, 'far deletes w': false, 'ann deletes w': false,
    'eve reads v': false, 'eve reads big': true, 'eve reads own': false, 'ann reads own': true, 'ann reads i': true, 'eve reads i': false,
    'mfa reads v.where': true, 'ann creates Item { vault: v }': false,`
  await withApp(app(actors, rows, expectations), async (folder) => {
    const run = await policyTestOf(folder)
    expect(run.stderr).toBe('')
    expect(run.stdout).toContain('✓ all: 17 of 17')
    expect(await leftOf(run)).toEqual([])
  })
})

test.each([
  [
    `ann: { request: { mfs: true } }`,
    `'ann reads v': true`,
    'There is no fact of a request "mfs".',
    'Did you mean "mfa"?',
  ],
  [`ann: { tenant: 3 }`, `'ann reads v': true`, 'The tenant of "ann" is no name.', 'Write any name'],
  [
    `ann: {}`,
    `'ann reads s': true`,
    '"s" cannot be asked about: the key of "Seat" has several columns',
    'key of one column',
  ],
])('refuses %s, %s with its place', async (who, what, message, hint) => {
  await withApp(app(who, rows, `    ${what},`), async (folder) => {
    const run = await policyTestOf(folder)
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('POLICY_TEST_INVALID  policies/all.policy.test.ts:')
    expect(run.stderr).toContain(message)
    expect(run.stderr).toContain(hint)
  })
})

test('leaves nothing behind when the rows are refused', async () => {
  await withApp(
    app(actors, `${rows}, x: { Item: { vault: 'v', count: 99 } }`, `    'ann reads v': false,`),
    async (folder) => {
      const run = await policyTestOf(folder)
      expect(run.stderr).toContain('POLICY_TEST_INVALID')
      expect(run.code).toBe(1)
      expect(await leftOf(run)).toEqual([])
    },
  )
})

test('leaves nothing behind when it is stopped', async () => {
  await withApp(app(actors, rows, `    'ann reads v': false,`), async (folder) => {
    const run = await policyTestOf(folder, (pid) => process.kill(pid, 'SIGINT'))
    expect(run).toMatchObject({ code: 130, stdout: '' })
    expect(run.stderr).toContain('Stopped: what was made for the tests is dropped.')
    expect(await leftOf(run)).toEqual([])
  })
})
