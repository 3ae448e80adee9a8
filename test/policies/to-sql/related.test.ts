import { beforeAll, describe, expect, test } from 'vitest'
import { toText } from '#base'
import { buildCatalog, explainer, objectsOf } from '#migrations'
import { entityOf, indexModel, mayForActorsSql } from '#policies'
import type { Condition } from '#schema'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { type TestActor, useDatabase } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { ann, bob, cid, fixtures, here, id, relatedModel } from './related-model.ts'

const db = useDatabase()

/** Who asks, besides the role. */
const callers: Readonly<Record<string, Omit<TestActor, 'roles'>>> = {
  ann: {
    tenant: here,
    actor: ann,
    claims: { region: 'eu', level: '3' },
    request: { ip: '10.1.2.3', mfa: 'true', signed_in_at: String(Math.floor(Date.now() / 1000) - 60) },
  },
  bob: {
    tenant: here,
    actor: bob,
    claims: { region: 'us' },
    request: { ip: '2001:db8::1', signed_in_at: String(Math.floor(Date.now() / 1000) - 100_000) },
  },
  // Her row was removed, and nothing is known of the request.
  cid: { tenant: here, actor: cid },
}

/** A rule, and the projects that Ann, Bob and Cid read by it. */
type Case = readonly [
  title: string,
  where: Condition,
  ann: readonly number[],
  bob?: readonly number[],
  cid?: readonly number[],
]
const all = [51, 52, 53, 54]
const done = m.compare('done', 'is', true)

const cases: readonly Case[] = [
  ['some', m.many('tasks', 'some', done), [51]],
  ['some, any row', m.many('tasks', 'some'), [51, 52]],
  ['none', m.many('tasks', 'none', done), [52, 53, 54]],
  ['none at all', m.many('tasks', 'none'), [53, 54]],
  ['every, also of none', m.many('tasks', 'every', done), [51, 53, 54]],
  ['every, where a value is missing', m.many('tasks', 'every', m.compare('points', 'over', 0)), [51, 53, 54]],
  ['not some', m.not(m.many('tasks', 'some', done)), [52, 53, 54]],
  ['not every', m.not(m.many('tasks', 'every', done)), [52]],
  ['a hasOne', m.many('brief', 'some'), [51]],
  ['no hasOne', m.many('brief', 'none'), [52, 53, 54]],
  ['mine among them', m.many('tasks', 'some', m.compare('assignee', 'is', m.actor('id'))), [51], [51, 52], []],
  ['through, live ends alone', m.path('team', m.many('users', 'some', m.compare('rank', 'over', 4))), [51, 53]],
  ['through, every', m.path('team', m.many('users', 'every', m.compare('rank', 'over', 4))), [51, 53]],
  [
    'nested',
    m.path('team', m.many('projects', 'some', m.many('tasks', 'some', m.compare('points', 'over', 7)))),
    [51, 53],
  ],
  ['nested every', m.path('team', m.many('projects', 'every', m.many('tasks', 'some'))), []],
  [
    'of a reach set',
    m.path('team', m.many('members', 'some', m.compare('team', 'in', m.actor('teams')))),
    [51, 53],
    [52, 54],
    [51, 53],
  ],
  ['held against the row', m.many('tasks', 'some', m.compare('points', 'over', m.ruleRow('limit'))), [51]],
  ['none held against the row', m.many('tasks', 'none', m.compare('points', 'over', m.ruleRow('limit'))), [52, 53, 54]],
  [
    'every held against the row',
    m.many('tasks', 'every', m.compare('points', 'atLeast', m.ruleRow('limit'))),
    [53, 54],
  ],
  ['the same person', m.many('tasks', 'some', m.compare('assignee', 'is', m.ruleRow('owner'))), [51, 52]],
  [
    'the same person, further away',
    m.path(
      'team',
      m.many('members', 'some', m.all(m.compare('leads', 'is', true), m.compare('user', 'is', m.ruleRow('owner')))),
    ),
    [51],
  ],
  ['leads here, not there', m.path('owner', m.many('memberships', 'some', m.compare('leads', 'is', true))), [51]],
  [
    'the caller leads here',
    m.rowFact('caller', m.many('memberships', 'some', m.compare('leads', 'is', true))),
    all,
    [],
    [],
  ],
  ['not the same person', m.not(m.many('tasks', 'some', m.compare('assignee', 'is', m.ruleRow('owner')))), [53, 54]],
  ['a way from the row', m.many('tasks', 'some', m.compare('points', 'over', m.ruleRow('owner.rank'))), [51]],
  ['another person', m.many('tasks', 'none', m.compare('assignee', 'is', m.ruleRow('owner'))), [53, 54]],
  ['a day', m.compare('closesOn', 'atLeast', { kind: 'now', by: null }), [51, 52]],
  ['a day ahead', m.compare('closesOn', 'atMost', { kind: 'now', by: { months: 1, days: 0, seconds: 0 } }), [51, 54]],
  ['an instant', m.compare('startsAt', 'under', { kind: 'now', by: null }), [51, 54]],
  [
    'an instant ago',
    m.compare('startsAt', 'over', { kind: 'now', by: { months: 0, days: -30, seconds: 0 } }),
    [51, 52],
  ],
  ['the caller', m.rowFact('caller', m.compare('rank', 'over', 3)), all, [], []],
  ['not the caller', m.not(m.rowFact('caller', m.compare('suspended', 'is', true))), all, [], []],
  [
    'the caller, with others',
    m.any(m.rowFact('caller', m.compare('rank', 'over', 3)), m.compare('limit', 'is', 0)),
    all,
    [53],
    [],
  ],
  ['the caller’s lists', m.rowFact('caller', m.compare('id', 'isNot', null)), all, all, []],
  ['the tenant', m.rowFact('tenant', m.compare('plan', 'is', 'pro')), all, all, all],
  ['not the tenant', m.rowFact('tenant', m.compare('plan', 'is', 'free')), [], [], []],
  ['a role', m.hasRole('other'), [], [], []],
  ['no role', m.not(m.hasRole('other')), all, all, all],
  ['a claim', m.claimFact('region', 'is', 'eu'), all, [], []],
  ['another claim', m.claimFact('region', 'isNot', 'eu'), [], all, []],
  ['a claim of numbers', m.claimFact('level', 'atLeast', 3), all, [], []],
  ['not a claim', m.not(m.claimFact('level', 'over', 3)), all, [], []],
  ['mfa', m.requestFact('mfa', 'is', true), all, [], []],
  ['no mfa', m.requestFact('mfa', 'is', false), [], all, all],
  ['an address', m.requestFact('ip', 'inside', ['10.0.0.0/8', '192.168.0.0/16']), all, [], []],
  ['an address of the new kind', m.requestFact('ip', 'inside', ['2001:db8::/32']), [], all, []],
  ['an address elsewhere', m.not(m.requestFact('ip', 'inside', ['10.0.0.0/8'])), [], all, []],
  ['signed in lately', m.requestFact('signedInFor', 'under', 3600), all, [], []],
  ['signed in long ago', m.not(m.requestFact('signedInFor', 'under', 3600)), [], all, []],
  ['an hour', m.all(m.requestFact('hour', 'atLeast', 0), m.requestFact('hour', 'under', 24)), all, all, all],
  ['no hour', m.requestFact('hour', 'over', 23), [], [], []],
  [
    'a weekday',
    m.any(...['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => m.requestFact('weekday', 'is', day))),
    all,
    all,
    all,
  ],
  [
    'facts and rows',
    m.all(m.claimFact('region', 'is', 'eu'), m.compare('limit', 'is', 5), m.requestFact('mfa', 'is', true)),
    [51, 54],
    [],
    [],
  ],
]

const model = relatedModel(cases.map(([, where]) => where))
const index = indexModel(model)

test('every object has a reason that names its rule', () => {
  const catalog = buildCatalog(model)
  const explain = explainer(model, catalog)
  const sets = catalog.functions.filter(({ name }) => /^(pairs|row|caller|tenant)_/.test(name))
  expect(sets.length).toBeGreaterThan(10)
  for (const object of objectsOf(catalog)) {
    const { paths } = explain(object)
    const isSet = object.kind === 'function' && sets.some(({ name }) => name === object.function.name)
    if (isSet) expect(paths.map((path) => path[1])).toContain('policy')
  }
})

describe('rules on related rows and facts', () => {
  beforeAll(async () => {
    await expectCatalogReadBack(db(), buildCatalog(model))
    await db().asOwner((client) => client.query(fixtures))
    await db().ensureRoleSets(cases.map((_, at) => [`r${at}`]))
  }, 120_000)

  test.each(cases.map((each, at) => [each[0], at] as const))('%s', async (_, at) => {
    const [, , forAnn, forBob = forAnn, forCid = forBob] = cases[at]!
    const expected = { ann: forAnn, bob: forBob, cid: forCid }
    expect(await readBy(at)).toEqual(expected)
    expect(await allowedTogether(at)).toEqual(expected)
  })
})

/** What row security shows to each of the callers. */
async function readBy(at: number) {
  const found: Record<string, number[]> = {}
  for (const [name, caller] of Object.entries(callers)) {
    const { rows } = await db().asActor({ ...caller, roles: [`r${at}`] }, (client) =>
      client.query<{ id: string }>('select id from app.project order by id'),
    )
    found[name] = rows.map((row) => numberOf(row.id))
  }
  return found
}

/** What the set-wise SQL says of all of them at once. */
async function allowedTogether(at: number) {
  const actors = Object.entries(callers).map(([actor, { tenant, actor: who, claims, request }]) => ({
    actor,
    id: who,
    tenant_id: tenant,
    roles: [`r${at}`],
    claims: claims ?? {},
    request: { ip: request?.ip, mfa: request?.mfa, signedInAt: request?.signed_in_at },
  }))
  const text = toText(mayForActorsSql(entityOf(index, 'Project'), 'read', index))
  const { rows } = await db().asOwner((client) =>
    client.query<{ actor: string; row: [string] }>(`${text} order by 1, 2`, [JSON.stringify(actors)]),
  )
  const found: Record<string, number[]> = Object.fromEntries(actors.map(({ actor }) => [actor, []]))
  for (const { actor, row } of rows) found[actor]!.push(numberOf(row[0]))
  return found
}

function numberOf(uuid: string): number {
  expect(uuid.startsWith(id(0).slice(0, 24))).toBe(true)
  return Number(uuid.slice(24))
}
