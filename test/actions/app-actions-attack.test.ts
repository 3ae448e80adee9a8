import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { as, entryId, useLedger } from './ledger.ts'

const ledger = useLedger()
const close = async (role: string, month: string, tenant: 'north' | 'south' = 'north') => {
  const text = 'mutation ($month: String!) { closeMonth(input: { month: $month }) { output { entries } notes } }'
  return await ledger().ask(as(role, tenant), text, { month })
}
const meddle = async (role: string, how: string) => {
  const text = 'mutation ($how: String!) { meddle(input: { how: $how }) { output { told } } }'
  return await ledger().ask(as(role), text, { how })
}
const codeOf = ({ errors }: Awaited<ReturnType<typeof close>>) => errors?.[0]?.extensions.code
const statements = 'sendStatements(input: { month: "2026-11" }) { notes }'
const countJobs = async (client: pg.ClientBase) =>
  Number((await client.query('select count(*) from rowhouse_queue.job')).rows[0].count)
const closings = async () =>
  (await ledger().database.asOwner((client) => client.query('select tenant_id, month from app.closing'))).rows

describe('nobody does an action of the app', () => {
  test('without a role that it allows: by GraphQL, visitors neither', async () => {
    for (const role of ['clerk', 'guest']) expect(codeOf(await close(role, '2026-11'))).toBe('FORBIDDEN')
    const text = 'mutation { closeMonth(input: { month: "2026-11" }) { notes } }'
    expect(codeOf(await ledger().ask(null, text))).toBe('FORBIDDEN')
    expect(await closings()).toEqual([])
    const jobs = () => ledger().database.asRole(ledger().database.names.queueKeeper, countJobs)
    const before = await jobs()
    // Whatever runs, and though nothing else of it is refused.
    for (const what of ['ring(input: {}) { notes }', 'count(input: { to: 3 }) { notes }', statements]) {
      expect(codeOf(await ledger().ask(as('clerk'), `mutation { ${what} }`))).toBe('FORBIDDEN')
      expect(codeOf(await ledger().ask(null, `mutation { ${what} }`))).toBe('FORBIDDEN')
      expect(await jobs()).toBe(before)
      expect((await ledger().ask(as('accountant'), `mutation { ${what} }`)).errors).toEqual([])
    }
    expect(await jobs()).toBe(before + 1)
  })

  test('without such a role: by another action, by a script', async () => {
    expect(codeOf(await meddle('clerk', 'act closeMonth {"month":"2026-11"}'))).toBe('FORBIDDEN')
    expect((await meddle('clerk', 'swallow closeMonth 2026-11')).data.meddle.output).toEqual({ told: 'FORBIDDEN' })
    for (const how of ['close', 'ring']) {
      const script = `mutation { addUp(input: { month: "2026-11", how: "${how}" }) { output { entries } } }`
      expect(codeOf(await ledger().ask(as('clerk'), script))).toBe('FORBIDDEN')
    }
    expect(codeOf(await meddle('clerk', 'act ring {}'))).toBe('FORBIDDEN')
    expect(codeOf(await meddle('clerk', 'act sendStatements {"month":"2026-11"}'))).toBe('FORBIDDEN')
    expect(await closings()).toEqual([])
  })

  test('without such a role: by calling its function, which Postgres keeps from others', async () => {
    const { database } = ledger()
    const { rows } = await database.asOwner((client) =>
      client.query(`select proname, proacl::text from pg_proc where proname like 'app\\_action\\_%' order by 1`),
    )
    expect(rows.map(({ proname }) => proname)).toEqual([
      ...['app_action_add_up', 'app_action_close_month', 'app_action_count', 'app_action_greet'],
      ...['app_action_last_closing', 'app_action_meddle', 'app_action_ring', 'app_action_ring_later'],
      'app_action_send_statements',
    ])
    const rolesOf = (proacl: string) =>
      [...proacl.matchAll(/[{,](\w*)=X/g)].map(([, role]) => role!.replace(`${database.name}_`, '')).sort()
    // Whoever includes an accountant is one.
    expect(Object.fromEntries(rows.map(({ proname, proacl }) => [proname, rolesOf(proacl)]))).toMatchObject({
      app_action_close_month: ['accountant', 'private'],
      app_action_add_up: ['accountant', 'clerk', 'private'],
      app_action_greet: ['anonymous', 'member', 'private'],
    })
  })

  test('with what its body may read or write no more than its caller', async () => {
    expect((await meddle('clerk', `read Entry ${entryId(1, 'south')}`)).data.meddle.output).toEqual({ told: 'null' })
    expect((await meddle('clerk', `read Entry ${entryId(1)}`)).data.meddle.output.told).toContain('2026-11')
    // Nothing of the north is closed by who closes in the south.
    expect((await close('accountant', '2026-11', 'south')).errors).toEqual([])
    const { rows } = await ledger().database.asOwner((client) =>
      client.query('select id from app.entry where is_closed order by id'),
    )
    expect(rows.map(({ id }) => id)).toEqual([entryId(1, 'south'), entryId(2, 'south')])
  })

  test('and no other mutation is one of the app', async () => {
    const told = await meddle('accountant', 'act createClosing {"closing":{"month":"2026-12"}}')
    expect(told.errors[0]).toMatchObject({ message: expect.stringContaining('The app has no action "createClosing".') })
    expect(codeOf(told)).toBe('VALIDATION')
  })

  test('that runs itself to no end', async () => {
    expect(codeOf(await meddle('clerk', 'again'))).toBe('LIMIT')
  })

  test('and learns what else is wrong where it is not allowed', async () => {
    const text = 'mutation ($words: [String!]) { closeMonth(input: { month: "2026-111111", words: $words }) { notes } }'
    expect(codeOf(await ledger().ask(as('clerk'), text))).toBe('FORBIDDEN')
    expect(codeOf(await ledger().ask(as('accountant'), text))).toBe('VALIDATION')
  })
})
