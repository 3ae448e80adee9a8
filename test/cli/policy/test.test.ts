import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readQuestion, thirdPerson } from '../../../cli/policy/test/question.ts'
import { reportText } from '../../../cli/policy/test/report.ts'
import type { Result } from '../../../cli/policy/test/run-tests.ts'
import { withApp } from '../../schema/written-app.ts'
import { serverUrl } from '../../support/database.ts'
import * as m from '../../support/model.ts'
import { runHere } from '../support/run-here.ts'
import { root, runRowhouse } from '../support/run-rowhouse.ts'

/** On the Postgres of this run, where databases and roles of its own are made and dropped. */
async function policyTestOf(folder: string, ...flags: readonly string[]) {
  return runHere(['policy', 'test', folder, ...flags], { ROWHOUSE_MIGRATE_URL: await serverUrl() })
}

const app = (tests: string) => ({
  'schema/all.entity.ts': `export const Person = entity('Person', { tenant: false, fields: { name: string(), email: email({ unique: true }) } })
export const Team = entity('Team', { fields: { name: string() }, relations: { members: many('Member', { by: 'team' }) } })
export const Member = entity('Member', { fields: {}, relations: { person: one('Person'), team: one('Team') } })
export const Doc = entity('Doc', { fields: { title: string({ max: 9 }), price: decimal({ precision: 9, scale: 2, default: '1' }), open: boolean({ default: true }) }, relations: { team: one('Team') } })`,
  'policies/all.ts': `import { defineActor, defineRoles, policy, signedIn, words } from 'rowhouse/policies'
import { string } from 'rowhouse/schema'
import { Doc, Member, Person, Team } from '../schema/all.entity.ts'
export const roles = defineRoles({ staff: 'Works.', boss: 'Decides.' })
export const actor = defineActor(Person, { teams: words(Person).reach('Team', { via: 'Member', as: 'person' }), level: words(Person).claim(string()) })
export const P0 = policy(Person, { 'people see themselves': { allow: signedIn, to: 'read', where: { id: actor.id } } })
export const P1 = policy(Team, { 'teams are seen': { allow: signedIn, to: 'read' } })
export const P2 = policy(Member, { 'members are seen': { allow: 'boss', to: 'read' } })
export const P3 = policy(Doc, {
  'staff sees its docs': { allow: 'staff', to: 'read', where: { team: { in: actor.teams } } },
  'high staff changes them': { allow: 'staff', to: 'update', where: { team: { in: actor.teams } }, only: ['title'] },
  'closed docs stay': { deny: signedIn, to: 'update', unless: { open: true } },
})`,
  'policies/doc.policy.test.ts': `import { policyTest } from 'rowhouse/policies'
export const docs = policyTest('docs', {
  actors: { ann: { roles: ['staff'] }, bob: { roles: ['boss'] } },
  rows: { a: { Team: {} }, annA: { Member: { person: 'ann', team: 'a' } }, mine: { Doc: { team: 'a' } }, shut: { Doc: { team: 'a', open: false } }, other: { Doc: {} }, gone: { Doc: { team: 'a', deletedAt: 'now' } } },
  expect: {
${tests}
  },
})`,
})

describe('rowhouse policy test', () => {
  test('runs the tests of the example, which exercise every rule', async () => {
    const ended = await policyTestOf('examples/invoicing', '--coverage')
    expect(ended.stdout).toMatch(/(\d+) of \1 expectations hold\. (\d+) of \2 rules were exercised\.\n$/)
    expect(ended).toMatchObject({ code: 0 })
  })

  test('asks of guarded fields what callers read and write', async () => {
    const ended = await policyTestOf('test/fixtures/apps/margins')
    expect(ended.stdout).toContain('✓ deals: 31 of 31')
    expect(ended.code).toBe(0)
  })

  test('makes adopted tables as the model describes them', async () => {
    const ended = await policyTestOf('test/fixtures/apps/trade')
    expect(ended.stdout).toContain('✓ trade: 14 of 14')
    expect(ended.code).toBe(0)
  })

  test('asks nothing of rows that follow from a select, and wants no rule of theirs exercised', async () => {
    const ended = await policyTestOf('test/fixtures/apps/outlets', '--coverage')
    expect(ended.stdout).toContain('3 of 3 expectations hold. 2 of 2 rules were exercised.')
    expect(ended.code).toBe(0)
  })

  test('runs those of a new app', async () => {
    await withApp({}, async (folder) => {
      for (const part of ['schema', 'policies'])
        cpSync(join(root, 'cli/new/template', part), join(folder, part), { recursive: true })
      // As users run it.
      const ended = await runRowhouse(['policy', 'test', folder], { env: { ROWHOUSE_MIGRATE_URL: await serverUrl() } })
      expect(ended.stdout).toContain('✓ tasks: 9 of 9  policies/task.policy.test.ts')
      expect(ended.code).toBe(0)
    })
  })

  test('says what does not hold, where it is written, and which rule decided', async () => {
    const tests = `    'ann reads mine': true,
    'ann reads other': true,
    'ann updates shut { title: "x" }': true,
    'ann reads gone': false,
    'ann updates mine { price: "2" }': false,
    'ann updates mine { title: "far too long" }': true,`
    await withApp(app(tests), async (folder) => {
      const ended = await policyTestOf(folder)
      expect(ended.code).toBe(1)
      expect(ended.stdout).toContain(
        [
          '✗ ann reads other: true',
          '  policies/doc.policy.test.ts:7',
          '  It is false, as Postgres and the evaluator say: no rule allows it.',
          '    ✗ allow "staff sees its docs": does not allow it',
          '      ✗ its team is one of actor.teams ["',
        ].join('\n'),
      )
      expect(ended.stdout).toContain(
        'policies/doc.policy.test.ts:8\n  It is false, as Postgres and the evaluator say: "closed docs stay" denies it.',
      )
      expect(ended.stdout).toContain('    ✓ deny "closed docs stay": stands against it')
      expect(ended.stdout).toContain('policies/doc.policy.test.ts:11\n  Postgres could not be asked:')
      expect(ended.stdout).toContain('3 of 6 expectations hold. 1 of 6 rules were exercised.\n')
      expect(ended.stdout).toContain('  Doc: high staff changes them')
    })
  })

  test('fails with --coverage alone where a rule is exercised by nothing, and gives programs a document', async () => {
    await withApp(app(`    'ann reads mine': true,`), async (folder) => {
      expect((await policyTestOf(folder)).code).toBe(0)
      const ended = await policyTestOf(folder, '--coverage', '--json')
      expect(ended.code).toBe(1)
      const document = JSON.parse(ended.stdout)
      expect(document.expectations).toEqual([
        {
          ...{ test: 'docs', file: 'policies/doc.policy.test.ts', line: 6, words: 'ann reads mine', expected: true },
          ...{
            database: true,
            evaluated: true,
            outcome: 'passed',
            obstacle: null,
            rule: 'staff sees its docs',
            reason: 'allowed',
          },
        },
      ])
      expect(document.unexercised).toHaveLength(5)
    })
  })

  test.each([
    ['ann raeds mine', '"Doc" has no verb "raeds".', 'Did you mean "reads"?'],
    ['anne reads mine', 'There is no actor "anne".', 'Did you mean "ann"?'],
    ['ann reads min', 'There is no row "min".', 'Did you mean "mine"?'],
    ['ann reads mine.titel', '"Doc" has no "titel".', 'Did you mean "title"?'],
    ['ann creates Dok { team: a }', 'There is no entity "Dok".', 'Did you mean "Doc"?'],
    ['ann updates mine { team: b }', 'There is no row "b".', ''],
    [
      'ann updates mine { id: "x" }',
      'Nobody sets "id" of "Doc": Postgres keeps it.',
      'Given can be title, price, open, team.',
    ],
    ['ann removes mine { title: "x" }', 'To remove a row nothing is given.', 'Leave the braces out.'],
    ['ann creates Doc { team: mine }', '"mine" is a row of "Doc", and "team" leads to "Team".', 'Such rows are a.'],
    ['may ann read?', '"may ann read?" asks nothing.', 'Write who, what and which row'],
  ])('refuses %s with its place', async (words, message, hint) => {
    await withApp(app(`    '${words}': true,`), async (folder) => {
      const ended = await policyTestOf(folder)
      expect(ended.code).toBe(1)
      expect(ended.stderr).toContain('POLICY_TEST_INVALID  policies/doc.policy.test.ts:6:6')
      expect(ended.stderr).toContain(message)
      expect(ended.stderr).toContain(hint)
    })
  })

  test('refuses roles, claims, entities and fields that are not there', async () => {
    await withApp(app(''), async (folder) => {
      mkdirSync(join(folder, 'policies'), { recursive: true })
      const write = (text: string) => writeFileSync(join(folder, 'policies/doc.policy.test.ts'), text)
      const head = `import { policyTest } from 'rowhouse/policies'\nexport const t = policyTest('t', `
      write(
        `${head}{ actors: { ann: { roles: ['stuff'], levle: 'x' } }, rows: { a: { Teem: {} }, b: { Team: { nme: 'x' } }, c: { Doc: { team: 'bb' } } }, expect: {} })`,
      )
      const ended = await policyTestOf(folder)
      for (const each of [
        '"stuff"',
        '"levle"',
        '"a" is no row of one entity',
        '"Team" has no "nme"',
        'There is no row "bb".',
      ])
        expect(ended.stderr).toContain(each)
    })
  })

  test('refuses a file that exports no policy test', async () => {
    const files = { ...app(''), 'policies/doc.policy.test.ts': 'export const nothing = 1\n' }
    await withApp(files, async (folder) => {
      expect((await policyTestOf(folder)).stderr).toContain('This file exports no policy test.')
    })
  })
})

test('a disagreement is told as what it is', () => {
  const written = { file: 'policies/a.policy.test.ts', text: `'t' 'ann reads a'`, test: { name: 't' } }
  const decision = { entity: 'Doc', verb: 'read', rule: null, reason: 'unallowed', fields: [], rules: [] }
  const model = m.makeModel({ entities: { Doc: { fields: { title: m.text() } } }, policies: { Doc: [] } })
  const result = {
    written,
    words: 'ann reads a',
    expected: true,
    database: true,
    evaluated: false,
    decision,
    obstacle: null,
    outcome: 'disagrees',
  }
  expect(reportText([result as unknown as Result], [], model)).toContain(
    'Postgres says true, the evaluator false: no rule allows it.\n  They must agree: this is a fault of Rowhouse.',
  )
})

test('questions are read with values of any kind', () => {
  expect(readQuestion(`ann updates o1 { a: 'it\\'s', b: -1.5, c: true, d: null, e: c1, f.g: "x, y" }`)?.values).toEqual(
    {
      a: { value: "it's" },
      b: { value: -1.5 },
      c: { value: true },
      d: { value: null },
      e: { row: 'c1' },
      'f.g': { value: 'x, y' },
    },
  )
  expect(readQuestion('ann reads o1 { a 5 }')).toBeNull()
  expect(['read', 'notify', 'pass', 'play'].map(thirdPerson)).toEqual(['reads', 'notifies', 'passes', 'plays'])
})
