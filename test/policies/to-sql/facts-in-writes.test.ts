import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { type TestActor, useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { ann, bob, cid, here, id } from './related-model.ts'

const db = useDatabase()
const inside = m.requestFact('ip', 'inside', ['10.0.0.0/8'])
const senior = m.rowFact('caller', m.compare('rank', 'over', 3))
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
/** True on every day, as one of several facts: what stands beside it must not get lost. */
const someday = m.any(...weekdays.map((day) => m.requestFact('weekday', 'is', day)))

const model = m.makeModel({
  entities: {
    User: { tenant: false, fields: { rank: m.int() } },
    Note: { fields: { text: m.text(), locked: m.plain('boolean') }, relations: { of: m.one('User') } },
  },
  roles: { sales: [], boss: [] },
  actor: { entity: 'User', values: [m.claim('region', m.text())] },
  policies: {
    User: [m.allow('seen', 'signedIn', ['read'])],
    Note: [
      m.allow('seen', 'signedIn', ['read']),
      m.allow('made by seniors', 'sales', ['create'], { where: senior }),
      m.allow('some day, by bosses', 'boss', ['update', 'remove', 'restore'], { where: someday }),
      m.allow('from inside', 'sales', ['update', 'remove', 'delete'], {
        where: m.all(inside, m.not(m.compare('locked', 'is', true))),
      }),
      m.allow('linked', 'boss', ['create'], { where: m.all(someday, m.compare('locked', 'is', false)) }),
      m.deny('not in the us', 'signedIn', ['update', 'delete', 'remove'], {
        where: m.claimFact('region', 'is', 'us'),
        because: 'Nothing changes in the us.',
      }),
    ],
  },
})

describe('facts in rules of writes', () => {
  beforeAll(async () => {
    await db().applyCatalog(buildCatalog(model))
    await db().asOwner((client) =>
      client.query(`
        insert into rowhouse.tenant (id, slug, name) values ('${here}', 'here', 'Here');
        insert into app."user" (id, rank, deleted_at) values ('${ann}', 5, null), ('${bob}', 1, null), ('${cid}', 9, now());
        insert into app.note (tenant_id, id, text, locked, of_id) values
          ('${here}', '${id(51)}', 'x', false, '${ann}'), ('${here}', '${id(52)}', 'x', true, '${ann}');
      `),
    )
    await db().ensureRoleSets([['sales'], ['boss'], []])
  }, 60_000)

  const caller = (roles: readonly string[], actor: string, more: Partial<TestActor> = {}): TestActor => ({
    roles,
    tenant: here,
    actor,
    claims: { region: 'eu' },
    request: { ip: '10.1.1.1' },
    ...more,
  })
  /** What a statement comes to, in a transaction that is undone: rows, the answer of a verb, or the code of its refusal. */
  const outcome = (who: TestActor, text: string): Promise<unknown> =>
    db()
      .asActor(who, async (client) => {
        await client.query('savepoint before')
        const { rows, rowCount } = await client.query(text)
        await client.query('rollback to savepoint before')
        return rows[0]?.said ?? rowCount
      })
      .catch((error: { code: string }) => error.code)

  const make = `insert into app.note (text, locked, of_id) values ('n', true, '${ann}')`
  const change = `update app.note set text = 'y'`
  const remove = `select rowhouse_private.remove_note('${id(51)}') as said`
  const erase = `delete from app.note`
  const outside = { request: { ip: '192.0.2.1' } }
  const unknown = { request: {} }
  const us = { claims: { region: 'us' } }

  test.each<[string, TestActor, string, unknown]>([
    ['a senior makes', caller(['sales'], ann), make, 1],
    ['a junior does not', caller(['sales'], bob), make, '42501'],
    ['nor does who was removed', caller(['sales'], cid), make, '42501'],
    ['a boss makes none that is locked', caller(['boss'], ann), make, '42501'],
    ['a boss makes another', caller(['boss'], bob), make.replace('true', 'false'), 1],
    ['nobody else does', caller([], ann), make, '42501'],
    ['from inside, what is not locked', caller(['sales'], bob), change, 1],
    ['from outside, nothing', caller(['sales'], bob, outside), change, 0],
    ['from nowhere, nothing', caller(['sales'], bob, unknown), change, 0],
    ['a boss changes all', caller(['boss'], bob, unknown), change, 2],
    ['others change nothing', caller([], bob), change, '42501'],
    ['a denial by a claim', caller(['boss'], bob, us), change, 0],
    ['a denial without the claim', caller(['boss'], bob, { claims: {} }), change, 0],
    ['from inside, removed', caller(['sales'], bob), remove, 'removed'],
    ['from outside, not removed', caller(['sales'], bob, outside), remove, '42501'],
    ['from nowhere, not removed', caller(['sales'], bob, unknown), remove, '42501'],
    ['removed by a boss', caller(['boss'], bob, unknown), remove, 'removed'],
    ['not removed by others', caller([], bob), remove, '42501'],
    ['not removed in the us', caller(['boss'], bob, us), remove, '42501'],
    ['from inside, deleted', caller(['sales'], bob), erase, 1],
    ['from outside, not deleted', caller(['sales'], bob, outside), erase, 0],
  ])('%s', async (_, who, text, expected) => {
    expect(await outcome(who, text)).toEqual(expected)
  })

  test('an address that is none fails the statement, and lets nobody in', async () => {
    for (const ip of ['10.0.0.1 ', '10.0.0.1, 10.0.0.2', 'x', "'; reset role; --"])
      expect([ip, await outcome(caller(['sales'], bob, { request: { ip } }), erase)]).toEqual([ip, '22P02'])
  })

  test('a moment of signing in that is none does the same, and mfa is `true` or nothing', async () => {
    const { rows } = await db().asActor(caller(['boss'], bob, { request: { mfa: 'yes' } }), (client) =>
      client.query('select rowhouse.request_mfa() as mfa, rowhouse.request_ip() as ip'),
    )
    expect(rows).toEqual([{ mfa: false, ip: null }])
    const said = await outcome(
      caller(['boss'], bob, { request: { signed_in_at: 'x' } }),
      'select rowhouse.request_signed_in_for()',
    )
    expect(said).toBe('22P02')
  })
})
