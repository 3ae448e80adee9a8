import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelError } from '#base'
import { loadModel } from '#policies'
import { loadBodies } from '../../server/bodies/load-bodies.ts'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'

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

testMistakes('actions', entitiesOnly, mistakes)
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
