import { createMongoAbility, subject } from '@casl/ability'
import { unpackRules } from '@casl/ability/extra'
import { abilities, createAbility } from 'rowhouse/client'
import { describe, expect, test } from 'vitest'
import { abilitiesFor, type Caller, indexModel, modelShape, nobody, type PackedAbilities } from '#policies'
import type { Rule } from '#schema'
import * as m from '../../support/model.ts'

const now = '2026-05-04T12:20:00.000Z'
const ann: Caller = {
  ...nobody,
  id: '00000000-0000-7000-8000-0000000000A1',
  roles: ['sales'],
  claims: { region: 'eu', grade: 3 },
}

function modelWith(rules: readonly Rule[]) {
  return m.makeModel({
    entities: {
      User: { tenant: false, fields: { name: m.text() } },
      Note: {
        fields: {
          title: m.text(),
          region: m.optional(m.text()),
          rank: m.optional(m.int()),
          secret: m.optional(m.text()),
          price: m.optional(m.money()),
          until: m.optional(m.plain('date')),
        },
        relations: { author: m.one('User') },
        states: ['draft', 'done'],
      },
    },
    roles: { sales: [], boss: ['sales'], spy: [] },
    actor: {
      entity: 'User',
      values: [m.claim('region', m.text()), m.claim('grade', m.int()), { kind: 'own', name: 'name', field: 'name' }],
    },
    policies: { Note: rules },
  })
}

function packedFor(rules: readonly Rule[], caller: Caller = ann): PackedAbilities {
  return abilitiesFor(caller, { index: indexModel(modelWith(rules)), shape: modelShape, now })
}

const note = {
  id: 'n',
  title: 't',
  region: 'eu',
  rank: 2,
  secret: null,
  price: '12.50',
  author: ann.id!.toLowerCase(),
  status: 'draft',
}
const seen = m.allow('seen', 'everyone', ['read'])

describe('what a caller is told', () => {
  test('nothing of rules for others: no titles, conditions or reasons', () => {
    const rules = [
      m.allow('TITLE of the spies', 'spy', 'anything', { where: m.compare('secret', 'is', 'SPYWORD') }),
      m.deny('TITLE about bosses', 'boss', ['update'], {
        where: m.compare('title', 'is', 'BOSSWORD'),
        because: 'BECAUSE',
      }),
      m.allow('TITLE of ours', 'sales', ['read'], { where: m.compare('rank', 'over', 1) }),
    ]
    expect(packedFor(rules)).toMatchObject({
      rules: [['read', 'Note', { rank: { $gt: 1, $ne: null } }]],
      local: [true],
    })
    expect(JSON.stringify(packedFor(rules))).not.toMatch(/TITLE|SPYWORD|BOSSWORD|BECAUSE|update/)
    expect(packedFor(rules, nobody)).toMatchObject({ rules: [], verbs: {} })
    // A role that includes another is in its audience too.
    expect(JSON.stringify(packedFor(rules, { ...ann, roles: ['boss'] }))).not.toMatch(/TITLE|SPYWORD|BOSSWORD/)
  })

  test('its own claims, of nobody else', () => {
    const rules = [m.allow('region', 'sales', ['read'], { where: m.compare('region', 'is', m.actor('region')) })]
    expect(packedFor(rules).rules).toEqual([['read', 'Note', { region: { $eq: 'eu' } }]])
    expect(packedFor(rules, { ...ann, claims: { region: 'us' } }).rules).toEqual([
      ['read', 'Note', { region: { $eq: 'us' } }],
    ])
    // A claim with the words of a query language is a text.
    const hostile = '{"$ne":null}'
    expect(packedFor(rules, { ...ann, claims: { region: hostile } }).rules).toEqual([
      ['read', 'Note', { region: { $eq: hostile } }],
    ])
  })

  test('no condition over a field that some reader does not see', () => {
    const secret = m.compare('secret', 'is', 'HIDDENWORD')
    const rules = [
      seen,
      m.allow('some', 'sales', ['read'], { fields: ['title'] }),
      m.allow('by secret', 'sales', ['update'], { where: secret }),
      m.deny('not with secret', 'signedIn', ['delete'], { where: secret, because: 'HIDDENBECAUSE' }),
      m.allow('deletes', 'sales', ['delete']),
    ]
    const packed = packedFor(rules)
    expect(JSON.stringify(packed)).not.toMatch(/HIDDEN/)
    expect(packed.verbs.Note).toEqual({ read: true, update: false, delete: false })
    const reserved = [
      seen,
      {
        ...seen,
        title: 'kept',
        effect: 'reserve',
        fields: ['secret'],
        audience: { kind: 'roles', roles: ['spy'] },
      } as const,
    ]
    expect(JSON.stringify(packedFor([...reserved, rules[2]!]))).not.toMatch(/HIDDEN/)
  })

  test('the reason of a denial only where it reads rows of the kind at all, and of none that the server must judge', () => {
    const updates = m.allow('updates', 'sales', ['update'])
    const local = m.deny('kept', 'signedIn', ['update'], {
      where: m.compare('status', 'is', 'done'),
      because: 'It is done.',
    })
    expect(JSON.stringify(packedFor([updates, local]))).not.toContain('It is done.')
    expect(JSON.stringify(packedFor([updates, local, seen]))).toContain('It is done.')
    const far = m.deny('far', 'signedIn', ['update'], {
      where: m.path('author', m.compare('name', 'is', 'x')),
      because: 'Far.',
    })
    expect(JSON.stringify(packedFor([updates, far, seen]))).not.toMatch(/Far|author/)
  })
})

describe('claims that a caller lacks', () => {
  const where = m.compare('rank', 'isNot', m.actor('grade'))
  const lacking = { ...ann, claims: { region: 'eu' } }

  test('an allow is left out, also beneath a negation', () => {
    for (const each of [
      where,
      m.not(m.compare('rank', 'is', m.actor('grade'))),
      m.any(where, m.compare('title', 'is', 't')),
    ]) {
      const rules = [m.allow('graded', 'sales', ['read'], { where: each })]
      expect(packedFor(rules, lacking)).toMatchObject({ rules: [], verbs: {} })
      expect(abilities(packedFor(rules, lacking)).can('read', 'Note', note)).toBe(false)
      expect(abilities(packedFor(rules)).can('read', 'Note', note)).toBe(true)
    }
  })

  test('a denial stands always, also with an exception that would hold', () => {
    const rules = [seen, m.deny('graded', 'everyone', ['read'], { where, unless: m.compare('title', 'is', 't') })]
    expect(packedFor(rules, lacking).rules).toEqual([
      ['read', 'Note'],
      ['read', 'Note', 0, 1],
    ])
    expect(abilities(packedFor(rules, lacking)).can('read', 'Note', note)).toBe(false)
    expect(abilities(packedFor(rules)).can('read', 'Note', note)).toBe(true)
  })
})

describe('what only the server decides', () => {
  const far: readonly (readonly [string, Rule['where']])[] = [
    ['another row', m.path('author', m.compare('name', 'is', 'x'))],
    ["the caller's own row", m.compare('title', 'is', m.actor('name'))],
    ['the clock', m.compare('until', 'under', { kind: 'now', by: null })],
    ['the order of texts', m.compare('title', 'under', 'z')],
    ['the order of amounts', m.compare('price', 'under', '100')],
    ['another column', m.compare('rank', 'is', { kind: 'row', name: 'rank' })],
    ['a right', m.may('read')],
  ]
  test.each(far)('%s: an allow asks, a denial asks', (_name, where) => {
    const allowing = packedFor([m.allow('far', 'sales', ['read'], { where })])
    expect(allowing.local).toEqual([false])
    expect(abilities(allowing).can('read', 'Note', note)).toBe('ask')
    const denying = packedFor([seen, m.deny('far', 'signedIn', ['read'], { where })])
    expect(abilities(denying).can('read', 'Note', note)).toBe('ask')
    // Whoever reads the rules without the marks is never let pass.
    for (const packed of [allowing, denying]) {
      const naive = createMongoAbility(unpackRules(packed.rules as never) as never)
      expect(naive.can('read', subject('Note', { ...note }) as never)).toBe(false)
      expect(createAbility(packed).can('read', subject('Note', { ...note }) as never)).toBe(false)
    }
  })

  test('is not asked where the rest has decided', () => {
    const theirs = m.path('author', m.compare('name', 'is', 'x'))
    const mine = m.compare('author', 'is', m.actor('id'))
    const either = abilities(packedFor([m.allow('either', 'sales', ['read'], { where: m.any(mine, theirs) })]))
    expect(either.can('read', 'Note', note)).toBe(true)
    expect(either.can('read', 'Note', { ...note, author: 'other' })).toBe('ask')
    const role = m.hasRole('spy')
    expect(packedFor([m.allow('spies', 'sales', ['read'], { where: m.all(role, theirs) })]).rules).toEqual([])
    expect(packedFor([m.allow('all', 'sales', ['read'], { where: m.any(m.not(role), theirs) })]).rules).toEqual([
      ['read', 'Note'],
    ])
  })

  test('a row without a field that a rule reads', () => {
    const can = abilities(
      packedFor([seen, m.deny('big', 'everyone', ['read'], { where: m.compare('rank', 'isNot', 2) })]),
    )
    const { rank: _, ...rest } = note
    expect(can.can('read', 'Note', rest)).toBe('ask')
    expect(can.can('read', 'Note', { ...rest, rank: undefined })).toBe('ask')
    expect(can.can('read', 'Note', Object.create({ rank: 2 }))).toBe('ask')
    expect(can.can('read', 'Note', note)).toBe(true)
    expect(can.can('read', 'Note', { ...note, rank: null })).toBe(false)
    expect(can.needs('read', 'Note')).toEqual(['rank'])
  })

  test('restoring, which is about rows that nobody reads', () => {
    expect(packedFor([m.allow('all', 'sales', 'anything')]).verbs.Note).toMatchObject({
      restore: false,
      remove: true,
      update: true,
    })
  })
})

test('facts of the request are decided now, and say until when', () => {
  const where = m.all(m.requestFact('hour', 'atLeast', 9), m.requestFact('signedInFor', 'under', 600))
  const rules = [m.allow('by day', 'sales', ['read'], { where })]
  const fresh = { ...ann, request: { signedInFor: 60 } }
  expect(packedFor(rules, fresh)).toMatchObject({ rules: [['read', 'Note']], until: '2026-05-04T12:29:00.000Z' })
  expect(packedFor(rules, { ...ann, request: { signedInFor: 700 } })).toMatchObject({
    rules: [],
    until: '2026-05-04T13:00:00.000Z',
  })
  let clock = 5_000
  const can = abilities(packedFor(rules, fresh), { now: () => clock })
  expect([can.isCurrent(), can.can('read', 'Note', note)]).toEqual([true, true])
  clock += 9 * 60_000
  expect([can.isCurrent(), can.can('read', 'Note', note)]).toEqual([false, 'ask'])
  // Who does not tell when it signed in lacks it.
  expect(packedFor(rules)).toMatchObject({ rules: [] })
})

describe('fields', () => {
  const rules = [
    seen,
    m.allow('titles', 'sales', ['update'], { fields: ['title', 'rank'] }),
    m.allow('regions', 'sales', ['update'], { fields: ['region'], where: m.compare('status', 'is', 'draft') }),
  ]
  test('one single rule covers them all', () => {
    const can = abilities(packedFor(rules))
    expect(can.can('update', 'Note', note, ['title', 'rank'])).toBe(true)
    expect(can.can('update', 'Note', note, ['title', 'region'])).toBe(false)
    expect(can.can('update', 'Note', { ...note, status: 'done' }, ['region'])).toBe(false)
    expect(can.fieldsOf('update', 'Note', note)).toEqual({ only: ['rank', 'region', 'title'] })
    expect(can.fieldsOf('update', 'Note', { ...note, status: 'done' })).toEqual({ only: ['rank', 'title'] })
    expect(can.fieldsOf('read', 'Note', note)).toEqual({ except: [] })
    expect(can.fieldsOf('delete', 'Note', note)).toEqual({ only: [] })
  })
  test('those that are reserved for others are refused', () => {
    const reserve = (audience: Rule['audience'], where: Rule['where'] = null): Rule => ({
      ...seen,
      title: 'kept',
      effect: 'reserve',
      audience,
      verbs: ['update'],
      fields: ['rank'],
      where,
    })
    const all = m.allow('all', 'sales', ['update'])
    const others = abilities(packedFor([all, reserve({ kind: 'roles', roles: ['spy'] })]))
    expect(others.can('update', 'Note', note, ['rank'])).toBe(false)
    expect(others.can('update', 'Note', note, ['title'])).toBe(true)
    expect(others.can('update', 'Note', note)).toBe(true)
    expect(others.fieldsOf('update', 'Note', note)).toEqual({ except: ['rank'] })
    const ours = abilities(
      packedFor([all, reserve({ kind: 'roles', roles: ['sales'] }, m.compare('status', 'is', 'draft'))]),
    )
    expect(ours.can('update', 'Note', note, ['rank'])).toBe(true)
    expect(ours.can('update', 'Note', { ...note, status: 'done' }, ['rank'])).toBe(false)
  })
})

test('the reason of a denial is told of rows that the caller may read for sure', () => {
  const rules = [
    m.allow('ours', 'sales', ['read'], { where: m.compare('region', 'is', m.actor('region')) }),
    m.allow('all', 'sales', ['update']),
    m.deny('kept', 'signedIn', ['update'], { where: m.compare('status', 'is', 'done'), because: 'It is done.' }),
  ]
  const can = abilities(packedFor(rules))
  const done = { ...note, status: 'done' }
  expect(can.cannotBecause('update', 'Note', done)).toBe('It is done.')
  expect(can.cannotBecause('update', 'Note', note)).toBe(null)
  expect(can.cannotBecause('update', 'Note', { ...done, region: 'us' })).toBe(null)
  const { region: _, ...rest } = done
  expect(can.cannotBecause('update', 'Note', rest)).toBe(null)
  expect(can.cannotBecause('update', 'Note', rest, true)).toBe('It is done.')
})

test('CASL itself, for people who use it', () => {
  const rules = [
    m.allow('ours', 'sales', ['read', 'update'], {
      where: m.any(m.compare('region', 'is', 'eu'), m.compare('rank', 'under', 2)),
    }),
    m.deny('kept', 'signedIn', ['update'], { where: m.compare('status', 'is', 'done') }),
  ]
  const ability = createAbility(packedFor(rules))
  const row = { ...note, __typename: 'Note', kind: 'User' }
  expect(ability.can('update', row as never)).toBe(true)
  expect(ability.can('update', { ...row, status: 'done' } as never)).toBe(false)
  expect(ability.can('update', { ...row, region: null, rank: null } as never)).toBe(false)
  expect(ability.can('update', { ...row, region: null, rank: 1 } as never)).toBe(true)
  expect(ability.can('delete', row as never)).toBe(false)
  expect(ability.can('update', 'Note')).toBe(true)
})
