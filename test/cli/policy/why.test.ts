import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEmbeddedPostgres, stableId } from '#server'
import type { WhyAnswer, WhyQuestion } from '../../../cli/policy/why/ask-why.ts'
import { disagree, whyText } from '../../../cli/policy/why/why-text.ts'
import { withApp } from '../../schema/written-app.ts'
import { runHere } from '../support/run-here.ts'
import { root, runRowhouse } from '../support/run-rowhouse.ts'

const app = 'examples/invoicing'
const golden = (name: string) => readFileSync(join(root, 'test/golden/policy', name), 'utf8')
const order = (number: string) => stableId('acme', 'Order', number)
const [theirs, foreign] = [order('SO-00001'), order('SO-00002')]

const run = (...args: readonly string[]) => runRowhouse(args, { env: { ROWHOUSE_DATA: data } })
const why = (...args: readonly string[]) => runHere(['policy', 'why', ...args], { ROWHOUSE_DATA: data })
const data = mkdtempSync(join(tmpdir(), 'rowhouse-why-'))
let postgres: Awaited<ReturnType<typeof openEmbeddedPostgres>> | undefined

beforeAll(async () => {
  chmodSync(data, 0o755)
  // As users run it: alone on a database that it starts and stops.
  const unmigrated = await run('policy', 'why', `Order:${theirs}`, app, '--as', 'sam', '--verb', 'read')
  expect(unmigrated.stderr).toContain(
    'DATABASE_UNMIGRATED  The database has not been migrated, so there is nothing to ask about.',
  )
  // From here on beside a process that has it open, as people ask while they develop.
  postgres = await openEmbeddedPostgres({ dataFolder: data, mayMove: false })
  for (const command of ['migrate', 'seed']) expect(await run(command, app)).toMatchObject({ code: 0 })
}, 120_000)
afterAll(async () => {
  await postgres?.stop()
  rmSync(data, { recursive: true, force: true })
})

describe('rowhouse policy why', () => {
  test('says which clause keeps somebody from a row', async () => {
    const words = [`Order:${foreign}`, app, '--as', 'sam', '--verb', 'read', '--values']
    expect(await why(...words)).toMatchObject({ code: 0, stderr: '', stdout: golden('why-read.txt') })
    const guide = readFileSync(join(root, 'docs/guide/modelling/policy-why.md'), 'utf8')
    expect(guide).toContain(`$ rowhouse policy why ${words.join(' ')}\n${golden('why-read.txt')}\`\`\``)
  })

  test('says it of an update, of the row as it is and as it would be left; people have addresses', async () => {
    const set = ['--set', 'notes=hi', '--set', 'margin=5', '--values']
    const ended = await why(`Order:${theirs}`, app, '--as', 'sam@acme.example', '--verb', 'update', ...set)
    expect(ended).toMatchObject({ code: 0, stderr: '', stdout: golden('why-update.txt') })
  })

  test('tells a denial with its reason, and no values unless they are asked for', async () => {
    const ended = await why(`Order:${theirs}`, app, '--as', 'ada', '--verb', 'delete')
    expect(ended.stdout).toContain('"only drafts are deleted for good" denies it (An order that was placed is kept')
    expect(ended.stdout).toContain('unless:\n      ✗ its status is "draft"\n')
    expect((await why(`Order:${theirs}`, app, '--as', 'ada', '--verb', 'read')).stdout).toMatch(/^✓ ada may read/)
  })

  test('tells the state of the row, and what came of the guard, where rules are not all that a verb asks', async () => {
    const shipped = await why(`Order:${theirs}`, app, '--as', 'ada', '--verb', 'approve')
    expect(shipped.stdout).toMatch(
      /^✗ ada may not approve .*"admins do anything" allows it, but the row is not so that/,
    )
    expect(shipped.stdout).toContain('Of the row itself:\n  ✗ its state is "placed" ["shipped"]\n')
    const quote = await why(`Order:${theirs}`, app, '--as', 'ada', '--verb', 'quote')
    expect(quote.stdout).toContain(
      'Of the row itself:\n  ✗ its state is "draft" ["shipped"]\n  when:\n    ✓ its line count is over 0\n',
    )
    const bill = await why(`Order:${theirs}`, app, '--as', 'ada', '--verb', 'bill', '--json')
    const { allowed, way } = JSON.parse(bill.stdout)
    expect([allowed, way.isOpen, way.state, way.when.truth]).toEqual([true, true, null, true])
    const hidden = await why(`Order:${foreign}`, app, '--as', 'sam', '--verb', 'approve')
    expect(hidden.stdout).not.toContain('Of the row itself')
  })

  test('changes nothing', async () => {
    const asked = [`Order:${theirs}`, app, '--as', 'ada', '--verb', 'remove']
    expect((await why(...asked)).stdout).toMatch(/^✓ ada may remove/)
    expect((await why(...asked)).stdout).toMatch(/^✓ ada may remove/)
  })

  test('asks about new rows, for people without a token, in a tenant, with claims', async () => {
    const customer = await why(`Order:${theirs}`, app, '--as', 'mia', '--verb', 'read', '--json', '--values')
    const document = JSON.parse(customer.stdout)
    expect(document).toMatchObject({ allowed: true, database: true, evaluated: true, disagree: false, id: theirs })
    const created = await why(
      'Order',
      app,
      '--as',
      'Mia Rossi',
      '--tenant',
      'acme',
      '--roles',
      'sales',
      '--verb',
      'create',
      '--set',
      'margin=5',
    )
    expect(created.stdout).toContain('✗ Mia Rossi may not create a new Order')
    expect(created.stdout).toContain('✗ it does not cover margin')
    const lead = await why(
      `Order:${theirs}`,
      app,
      '--as',
      'lead',
      '--tenant',
      'acme',
      '--verb',
      'read',
      '--claim',
      'region=eu',
    )
    expect(lead.stdout).toMatch(/^✓ lead may read/)
    const other = await why(
      `Order:${theirs}`,
      app,
      '--as',
      'lead',
      '--tenant',
      'acme',
      '--verb',
      'read',
      '--claim',
      'region=us',
    )
    expect(other.stdout).toContain("✗ its customer's region is actor.region\n")
  })

  test('a row of another tenant is not there, and it is said whose it is', async () => {
    const ended = await why(`Order:${theirs}`, app, '--as', 'gil', '--verb', 'read')
    expect(ended.stdout).toContain('it is a row of the tenant acme, and so is not there.')
    // Visitors have no tenant, so none is asked for.
    const visitor = await why(`Order:${theirs}`, app, '--as', 'visitor', '--verb', 'read')
    expect(visitor.stdout).toMatch(
      /^✗ a visitor may not read .*: it is a row of the tenant acme, and so is not there\.\n {2}not signed in;/,
    )
  })

  test('beyond the bound Postgres alone answers', async () => {
    const ended = await why(`Order:${theirs}`, app, '--as', 'sam', '--verb', 'read', '--rows', '1')
    expect(ended.stdout).toMatch(/^✓ sam may read/)
    expect(ended.stdout).toContain('The rules look at more than 1 rows: Postgres alone was asked')
  })

  test.each([
    [['Order:x', '--as', 'sam', '--verb', 'read'], 'POLICY_UNASKABLE  There is no Order with the id "x".'],
    [['Ordr:x', '--as', 'sam', '--verb', 'read'], 'Did you mean "Order"?'],
    [['Order:x', '--as', 'smm', '--verb', 'read'], 'Did you mean "sam"?'],
    [['Order:x', '--as', 'sam', '--verb', 'raed'], 'Did you mean "read"?'],
    [['Order:x', '--as', 'sam', '--verb', 'approves'], '"Order" has no verb "approves". Did you mean "approve"?'],
    [['Order:x', '--as', 'sam', '--verb', 'update', '--set', 'note=x'], 'Did you mean "notes"?'],
    [['Order:x', '--as', 'sam', '--verb', 'read', '--roles', 'slaes'], 'Did you mean "sales"?'],
    [['Order:x', '--as', 'sam', '--verb', 'read', '--claim', 'regoin=eu'], 'Did you mean "region"?'],
    [['Order:x', '--as', 'sam', '--verb', 'read', '--request', 'mfs=true'], 'Did you mean "mfa"?'],
    [['Order:x', '--as', 'sam', '--verb', 'read', '--tenant', 'acmee'], 'Did you mean "acme"?'],
    [['Order:x', '--as', 'Tom Becker', '--verb', 'read'], 'Say which one with --tenant: acme, globex.'],
    [['Order', '--as', 'sam', '--verb', 'read'], 'It is not said which Order.'],
    [['Order:x', '--as', 'sam', '--verb', 'create'], 'A new row has no key yet.'],
  ])('refuses %j', async (words, message) => {
    const ended = await why(...words, app)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(message)
  })
})

const marginsSeed = `import { defineSeed, stableId } from 'rowhouse'
const [ann, bob, shop, deal] = ['ann', 'bob', 'shop', 'deal'].map((name) => stableId(name)) as [string, string, string, string]
const terms = { days: 1, place: 'x' }
export const seed = defineSeed(() => ({
  shared: { User: [{ id: ann, name: 'Ann' }, { id: bob, name: 'Bob' }] },
  tenants: [{ id: stableId('t'), slug: 't', name: 'T', rows: {
    Customer: [{ id: shop, name: 'Shop' }],
    Deal: [{ id: deal, number: 'A1', region: 'eu', price: 5, margin: '5', terms, customer: shop, placedBy: ann }],
  } }],
}))`

test('asks of guarded fields where callers write', async () => {
  await withApp({}, async (folder) => {
    for (const part of ['schema', 'policies'])
      cpSync(join(root, 'test/fixtures/apps/margins', part), join(folder, part), { recursive: true })
    writeFileSync(join(folder, 'seed.ts'), marginsSeed)
    for (const words of [
      ['migrate', folder, '--write-first'],
      ['migrate', folder],
      ['seed', folder],
    ])
      expect(await run(...words)).toMatchObject({ code: 0 })
    const deal = `Deal:${stableId('deal')}`
    const ask = async (as: string, roles: string, ...more: readonly string[]) => {
      const ended = await why(deal, folder, '--as', as, '--roles', roles, '--json', ...more)
      expect(ended.stderr).toBe('')
      return JSON.parse(ended.stdout)
    }
    const refused = { allowed: false, database: false, evaluated: false, disagree: false, obstacle: null }
    const allowed = { allowed: true, database: true, evaluated: true, disagree: false, obstacle: null }
    // The same value is a change too: a success would tell it.
    const same = await ask('Ann', 'sales', '--verb', 'update', '--set', 'margin=5')
    expect(same).toMatchObject({ ...refused, decision: { reason: 'reserved', fields: ['margin'] } })
    expect(await ask('Ann', 'sales', '--verb', 'update', '--set', 'price=6')).toMatchObject(allowed)
    expect(await ask('Bob', 'manager', '--verb', 'update', '--set', 'margin=6')).toMatchObject(allowed)
    expect(await ask('Bob', 'clerk', '--verb', 'read')).toMatchObject(allowed)
    expect(await ask('Bob', 'clerk', '--verb', 'delete')).toMatchObject(refused)
    expect(await ask('Bob', 'sales', '--verb', 'remove')).toMatchObject(allowed)
  })
})

test('a disagreement is said in front of everything else', () => {
  const decision = {
    entity: 'Order',
    verb: 'read',
    allowed: false,
    reason: 'unallowed',
    rule: null,
    because: null,
    denials: [],
    fields: [],
    rules: [],
  }
  const answer = {
    database: { allowed: true, obstacle: null },
    decision,
    reading: null,
    way: null,
    elsewhere: null,
    rows: 1,
  } as WhyAnswer
  const caller = { id: null, roles: [], tenant: null, claims: {}, request: {} }
  const entity = { name: 'Order' }
  const question = {
    entity,
    verb: 'read',
    id: 'x',
    values: {},
    who: { caller, tenant: null, name: 'sam', knowsRoles: true },
  }
  const model = { entities: [entity], policies: [] }
  const telling = { model, values: false, bound: 1 } as unknown as Parameters<typeof whyText>[2]
  expect(disagree(answer)).toBe(true)
  const text = whyText(question as unknown as WhyQuestion, answer, telling)
  expect(text).toContain(
    '!!! This is a fault of Rowhouse: the two must never differ.\n!!! Postgres says yes, the evaluator no.',
  )
})
