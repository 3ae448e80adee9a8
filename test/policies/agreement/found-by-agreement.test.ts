import { afterAll, beforeAll, expect, test } from 'vitest'
import { abilitiesFor, type Caller, holds, indexModel, modelShape, type Row } from '#policies'
import type { Entity, Rule } from '#schema'
import { Laboratory } from '../../agreement/database.ts'
import { tenants } from '../../agreement/ids.ts'
import { judge } from '../../agreement/judge.ts'
import { appRoles } from '../../agreement/model.ts'
import { serverUrl } from '../../support/database.ts'
import * as m from '../../support/model.ts'

let laboratory: Laboratory

beforeAll(async () => {
  laboratory = await Laboratory.open(await serverUrl())
})

afterAll(() => laboratory?.close())

const id = (at: number) => `00000000-0000-7000-8100-${String(at).padStart(12, '0')}`
const [ann, bob] = [id(1), id(2)] as const
const row = (at: number, values: Row): Row => ({ id: id(at), $tenant: tenants[0], deletedAt: null, ...values })
const caller = (who: string): Caller => ({ id: who, roles: ['clerk'], tenant: tenants[0], claims: {}, request: {} })

/** Teams in a tree, with numbers for ids, and who joined which. */
function folders(rules: readonly Rule[]) {
  const made = m.makeModel({
    app: 'agree',
    entities: {
      Person: { tenant: false },
      Team: {
        fields: { name: m.text() },
        relations: { parent: m.one('Team', { optional: true }) },
        lists: { below: { kind: 'lineage', to: 'Team', by: 'parent', way: 'down' } },
        tree: 'parent',
      },
      Member: { relations: { person: m.one('Person'), team: m.one('Team') } },
    },
    roles: appRoles,
    actor: {
      entity: 'Person',
      values: [m.reach('mine', { to: 'Team', via: 'Member', as: 'person', toward: 'team' })],
    },
    policies: { Team: rules },
  })
  const counted = { type: { kind: 'int64', min: null, max: null }, default: { kind: 'identity' } } as const
  const entities = made.entities.map(
    (entity): Entity =>
      entity.name === 'Team'
        ? { ...entity, fields: entity.fields.map((field) => (field.name === 'id' ? { ...field, ...counted } : field)) }
        : entity,
  )
  const folder = (at: string, parent: string | null) => ({ ...row(0, { name: `f${at}`, parent }), id: at })
  return {
    model: { ...made, entities },
    rows: {
      Person: [ann, bob].map((each) => ({ id: each, deletedAt: null })),
      Team: [folder('1', null), folder('2', '1'), folder('10', '2'), folder('3', null)],
      Member: [row(21, { person: ann, team: '2' }), row(22, { person: bob, team: '3' })],
    },
    moves: [],
    callers: [caller(ann), caller(bob)],
    attempts: [],
  }
}

/** Names of folders that row security lets each caller see; nothing else may differ. */
async function seenTeams(rules: readonly Rule[]): Promise<readonly string[]> {
  const verdicts = await judge(laboratory, folders(rules))
  expect(verdicts.filter(({ meant, found }) => meant !== found)).toEqual([])
  return verdicts.flatMap(({ backEnd, attempt, found, caller: who }) =>
    backEnd === 'row security' && attempt.verb === 'read' && attempt.entity === 'Team' && found
      ? [`${who.id === ann ? 'ann' : 'bob'} ${String(attempt.row.name as string)}`]
      : [],
  )
}

test('the evaluator looks for numbered rows above others', async () => {
  const where = m.compare('id', 'within', m.actor('mine'))
  expect(await seenTeams([m.allow('below mine', 'clerk', ['read'], { where })])).toEqual([
    'ann f2',
    'ann f10',
    'bob f3',
  ])
})

test('a right is asked of the rows of a tree', async () => {
  const rules = [
    m.allow('mine', 'clerk', ['update'], { where: m.compare('id', 'in', m.actor('mine')) }),
    m.allow('above mine', 'clerk', ['read'], { where: m.many('below', 'some', m.may('update')) }),
  ]
  expect(await seenTeams(rules)).toEqual(['ann f1', 'ann f2', 'bob f3'])
})

test('a denial judges a new row with what the rule gives it', async () => {
  const sets = [{ name: 'label', to: { kind: 'value', value: 'given' } }] as const
  const model = m.makeModel({
    app: 'agree',
    entities: {
      Person: { tenant: false },
      Team: { fields: { label: m.optional(m.text()), size: m.optional(m.int()) } },
    },
    roles: appRoles,
    actor: { entity: 'Person', values: [] },
    policies: {
      Team: [
        { ...m.allow('made with a label', 'clerk', ['create']), sets },
        m.allow('made as they are', 'boss', ['create']),
        m.deny('none without', 'signedIn', ['create'], { unless: m.compare('label', 'is', 'given') }),
      ],
    },
  })
  const rows = { Person: [{ id: ann, deletedAt: null }], Team: [] }
  const attempts = [{ verb: 'create', entity: 'Team', row: row(31, { label: null, size: 1 }), given: { size: 1 } }]
  // What one rule allows as it is given stays as it is.
  const callers = [caller(ann), { ...caller(ann), roles: ['clerk', 'boss'] }]
  const verdicts = await judge(laboratory, { model, rows, moves: [], callers, attempts })
  const creates = verdicts.filter(({ backEnd, attempt }) => backEnd === 'row security' && attempt.verb === 'create')
  expect(creates.map(({ meant, found }) => [meant, found])).toEqual([
    [true, true],
    [false, false],
  ])
})

test('nobody has a right to change a row of all tenants, whatever rules say', () => {
  const made = m.makeModel({
    entities: {
      Person: { tenant: false },
      Label: { fields: { name: m.text() } },
      Item: { relations: { label: m.one('Label') } },
    },
    roles: appRoles,
    actor: { entity: 'Person', values: [] },
    policies: { Label: [m.allow('all', 'everyone', 'anything')] },
  })
  const entities = made.entities.map((each): Entity => (each.name === 'Label' ? { ...each, tenancy: 'shared' } : each))
  const labels = [row(31, { $tenant: null }), row(32, {})]
  const items = [row(41, { label: id(31) }), row(42, { label: id(32) })]
  const world = {
    index: indexModel({ ...made, entities }),
    rows: { Label: labels, Item: items },
    now: '2026-01-01T00:00:00.000Z',
  }
  const may = (verb: string) =>
    items.map((item) => holds(m.path('label', m.may(verb)), { world, caller: caller(ann), entity: 'Item', row: item }))
  expect(may('read')).toEqual([true, true])
  expect(may('update')).toEqual([false, true])
  expect(may('delete')).toEqual([false, true])
})

test('a browser asks the server whether a link is read, where both ends may be', () => {
  const linked = (rules: readonly Rule[]) => {
    const made = m.makeModel({
      entities: {
        Person: { tenant: false },
        Item: {},
        Label: {},
        ItemLabelLink: { relations: { item: m.one('Item'), label: m.one('Label') } },
      },
      roles: appRoles,
      actor: { entity: 'Person', values: [] },
      policies: { Item: [m.allow('items', 'clerk', ['read'])], Label: rules },
    })
    const entities = made.entities.map(
      (each): Entity =>
        each.name === 'ItemLabelLink'
          ? { ...each, immutable: true, link: { entity: 'Item', relation: 'labels' } }
          : each,
    )
    const index = indexModel({ ...made, entities })
    const { rules: packed, local } = abilitiesFor(caller(ann), {
      index,
      shape: modelShape,
      now: '2026-01-01T00:00:00.000Z',
    })
    return packed.flatMap((rule, at) => (rule[1] === 'ItemLabelLink' ? [[rule[0], local[at]]] : []))
  }
  expect(linked([m.allow('labels', 'everyone', ['read'])])).toEqual([['read', false]])
  expect(linked([m.allow('labels', 'boss', ['read'])])).toEqual([])
})
