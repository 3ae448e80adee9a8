import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelError } from '#base'
import { loadModel } from '#policies'
import { loadBodies } from '../../server/bodies/load-bodies.ts'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { type AppFiles, entitiesOnly, problemsOf } from '../schema/written-app.ts'

const of = (definition: string) => `export const A = entity('A', { fields: {}, actions: { go: { ${definition} } } })`

const mistakes: readonly Mistake[] = [
  [
    'an input that names the row',
    [
      ['ACTION_INPUT_RESERVED', 'id'],
      ['NAME_RESERVED', 'id'],
    ],
    of("runs: 'scripts/go', input: { id: int() }"),
  ],
  [
    'an input that every change has',
    [['ACTION_INPUT_RESERVED', 'ifUpdatedAt']],
    of("runs: 'scripts/go', input: { ifUpdatedAt: int() }"),
  ],
  ['an answer of nothing', [['ACTION_OUTPUT_UNKNOWN', "'B'"]], of("runs: 'scripts/go', output: 'B'")],
  [
    'an answer of a job that comes later',
    [['ACTION_OUTPUT_LATE', 'output']],
    of("runs: 'workers/go', output: { a: int() }"),
  ],
  [
    'a kind that only rows have',
    [['ACTION_FIELD_UNSUPPORTED', "period({ of: 'date' })"]],
    of("runs: 'scripts/go', output: { stay: period({ of: 'date' }) }"),
  ],
  ['a guard of nothing', [['POLICY_PATH_UNKNOWN', 'b']], of("runs: 'scripts/go', when: { b: 1 }")],
]

const hooked = (hooks: string, more = '') =>
  `export const A = entity('A', { ${more}fields: { price: int() }, hooks: { ${hooks} } })`

const hookMistakes: readonly Mistake[] = [
  [
    'a hook of no field',
    [
      ['HOOK_INVALID', 'prize'],
      ['RUNS_FILE_MISSING', "'scripts/a'"],
    ],
    hooked("onChange: { prize: 'scripts/a' }"),
  ],
  ['no path', [['OPTION_INVALID', '1']], hooked('afterCreate: 1')],
  [
    'a transition of no lifecycle',
    [
      ['HOOK_INVALID', 'afterTransition'],
      ['RUNS_FILE_MISSING', "'actions/a'"],
    ],
    hooked("afterTransition: 'actions/a'"),
  ],
  [
    'a transition that there is not',
    [
      ['HOOK_INVALID', 'bakes'],
      ['RUNS_FILE_MISSING', "'actions/a'"],
    ],
    hooked(
      "beforeTransition: { bakes: 'actions/a' }",
      "lifecycle: { initial: 'b', states: ['b', 'c'], transitions: { bake: { from: 'b', to: 'c' } } }, ",
    ),
  ],
  [
    'a field after whose change nothing runs',
    [
      ['HOOK_INVALID', 'prize'],
      ['RUNS_FILE_MISSING', "'actions/a'"],
    ],
    hooked("afterChange: { prize: 'actions/a' }"),
  ],
  ['a moment that there is not', [['OPTION_UNKNOWN', 'afterwards']], hooked("afterwards: 'actions/a'")],
  ['a path of something else', [['HOOK_INVALID', "'workers/a'"]], hooked("afterCreate: 'workers/a'")],
  [
    'rows that never change',
    [
      ['HOOK_INVALID', 'beforeUpdate'],
      ['HOOK_INVALID', "'workers/a'"],
    ],
    hooked("beforeUpdate: 'workers/a'", 'immutable: true, '),
  ],
]

const ofApp = (actions: string): AppFiles => ({
  ...entitiesOnly("export const Order = entity('Order', { fields: { kind: choice(['a', 'b']) } })"),
  'policies/actions.ts': `import { choice, int, period, secret, string } from 'rowhouse/schema'
import { anything, defineActions, everyone, everyoneExcept, signedIn } from 'rowhouse/policies'
export const actions = defineActions(${actions})`,
})
const go = "allow: 'admin', runs: 'scripts/go'"

const appMistakes: readonly Mistake[] = [
  ['an action that nobody may do', [['RULE_AUDIENCE_INVALID', 'go']], "{ go: { runs: 'scripts/go' } }"],
  ['a role that there is not', [['RULE_ROLE_UNKNOWN', "'admn'"]], "{ go: { allow: ['admn'], runs: 'scripts/go' } }"],
  [
    'who may not do it',
    [['RULE_AUDIENCE_INVALID', "everyoneExcept('admin')"]],
    "{ go: { allow: everyoneExcept('admin'), runs: 'scripts/go' } }",
  ],
  ['nothing to run', [['ACTION_RUNS_INVALID', 'go']], "{ go: { allow: 'admin' } }"],
  ['a path of something else', [['ACTION_RUNS_INVALID', "'jobs/go'"]], "{ go: { allow: 'admin', runs: 'jobs/go' } }"],
  [
    'a file that is not there',
    [['RUNS_FILE_MISSING', "'actions/go'"]],
    "{ go: { allow: 'admin', runs: 'actions/go' } }",
  ],
  ['a guard: it has no row', [['OPTION_UNKNOWN', 'when']], `{ go: { ${go}, when: {} } }`],
  [
    'an input that every change has',
    [['ACTION_INPUT_RESERVED', 'idempotencyKey']],
    `{ go: { ${go}, input: { idempotencyKey: int() } } }`,
  ],
  [
    'a secret',
    [
      ['OPTION_INVALID', 'secret()'],
      ['SECRET_USE_INVALID', 'secret()'],
    ],
    `{ go: { ${go}, input: { pin: secret() } } }`,
  ],
  [
    'a kind that only rows have',
    [['ACTION_FIELD_UNSUPPORTED', "period({ of: 'date' })"]],
    `{ go: { ${go}, input: { stay: period({ of: 'date' }) } } }`,
  ],
  [
    'a limit of an input that none meets',
    [['FIELD_DEFAULT_INVALID', '9']],
    `{ go: { ${go}, input: { n: int({ max: 3, default: 9 }) } } }`,
  ],
  ['an answer of nothing', [['ACTION_OUTPUT_UNKNOWN', "'Ordr'"]], `{ go: { ${go}, output: 'Ordr' } }`],
  [
    'an answer of a job',
    [['ACTION_OUTPUT_LATE', 'output']],
    "{ go: { allow: 'admin', runs: 'workers/go', output: { n: int() } } }",
  ],
  ['the mutation of an entity', [['NAME_CLASH', 'createOrder']], `{ createOrder: { ${go} } }`],
  ['the mutation of many rows', [['NAME_CLASH', 'removeOrders']], `{ removeOrders: { ${go} } }`],
  ['types of the platform', [['NAME_CLASH', 'publishScript']], `{ publishScript: { ${go} } }`],
  ['types of an entity', [['NAME_CLASH', 'order']], `{ order: { ${go} } }`],
  [
    'an enum of an entity',
    [
      ['NAME_CLASH', 'order'],
      ['NAME_CLASH', 'kind'],
    ],
    `{ order: { ${go}, input: { kind: choice(['x']) } } }`,
  ],
  ['a name that none can have', [['NAME_INVALID', 'Go']], `{ Go: { ${go} } }`],
]

testMistakes('actions', entitiesOnly, mistakes)
testMistakes('actions of the app', ofApp, appMistakes)

test('actions of the app that nobody exports are told', async () => {
  const files = ofApp(`{ go: { ${go} } }`)
  const text = files['policies/actions.ts']!.replace('export ', '')
  expect(await problemsOf({ ...files, 'policies/actions.ts': text })).toEqual([['DECLARATION_HIDDEN', 'defineActions']])
})

testMistakes('hooks', entitiesOnly, hookMistakes)

describe('what an action runs', () => {
  let folder = ''
  beforeAll(async () => {
    await mkdir('.tmp', { recursive: true })
    folder = await mkdtemp(join(process.cwd(), '.tmp', 'bodies-'))
    await Promise.all(['schema', 'policies', 'actions'].map((name) => mkdir(join(folder, name))))
    const entity = of("runs: 'actions/go'")
    await writeFile(join(folder, 'schema/a.entity.ts'), `import { entity } from 'rowhouse/schema'\n${entity}\n`)
    const policy = "policy(A, { 'all read': { allow: everyone, to: ['read', 'go'] } })"
    await writeFile(
      join(folder, 'policies/a.policy.ts'),
      `import { everyone, policy } from 'rowhouse/policies'\nimport { A } from '../schema/a.entity.ts'\nexport const P = ${policy}\n`,
    )
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const told = async (body: string | null) => {
    const file = join(folder, 'actions/go.ts')
    await (body === null ? rm(file, { force: true }) : writeFile(file, body))
    return await loadModel(folder)
      .then(({ model }) => loadBodies(model, { folder, fresh: true }))
      .then(
        ({ actions }) => [...actions.keys()],
        (error: unknown) => (error as ModelError).problems.map(({ code, at }) => [code, at?.file]),
      )
  }
  const body = (verb: string) =>
    `import { action } from 'rowhouse/actions'\nimport { A } from '../schema/a.entity.ts'\nexport default action(A, '${verb}', () => 1)\n`

  test('is a file that is there, can be imported, and is of that action', async () => {
    expect(await told(null)).toEqual([['RUNS_FILE_MISSING', 'schema/a.entity.ts']])
    expect(await told('export const a = 1')).toEqual([['RUNS_FILE_INVALID', 'actions/go.ts']])
    expect(await told(body('other'))).toEqual([['RUNS_FILE_INVALID', 'actions/go.ts']])
    expect(await told('throw new Error("no")')).toEqual([['FILE_IMPORT_FAILED', 'actions/go.ts']])
    expect(await told(body('go'))).toEqual(['actions/go'])
  })
})
