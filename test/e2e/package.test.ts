import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bareEnvironment, runRowhouse } from '../cli/support/run-rowhouse.ts'
import { installPacked, packRowhouse, temporaryFolder } from './support/packed-app.ts'
import { graphql, startServer } from './support/start-server.ts'

/** `npm pack`, installed into an app that `rowhouse new` made. */
const folder = temporaryFolder()
const app = join(folder.path, 'shop')
const command = join(app, 'node_modules/.bin/rowhouse')

beforeAll(async () => {
  const made = await runRowhouse(['new', app])
  expect(made, made.stderr).toMatchObject({ code: 0 })
  installPacked(packRowhouse(folder.path), app)
})
afterAll(folder.remove)

test('the package holds built files, no sources', () => {
  const files = execFileSync('find', ['.', '-type', 'f'], { cwd: join(app, 'node_modules/rowhouse'), encoding: 'utf8' })
    .trim()
    .split('\n')
  const strange = files.filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('/new/template/'),
  )
  expect(strange).toEqual([])
  expect(files).toContain('./dist/migrations/system/0001-schemas.sql')
  const manifest = JSON.parse(readFileSync(join(app, 'node_modules/rowhouse/package.json'), 'utf8'))
  expect(Object.keys(manifest)).not.toContain('devDependencies')
  expect(JSON.stringify(manifest.exports)).not.toMatch(/:"\.\/(?!dist|package)/)
})

test('the JSON Schema of the model can be imported', () => {
  const code = `import s from 'rowhouse/model.schema.json' with { type: 'json' }; console.log(s.$schema)`
  const args = ['--input-type=module', '--eval', code]
  expect(execFileSync(process.execPath, args, { cwd: app, encoding: 'utf8' })).toBe(
    'https://json-schema.org/draft/2020-12/schema\n',
  )
})

test('the app type-checks against the types of the package alone', () => {
  expect(execFileSync(command, ['check', app], { encoding: 'utf8' })).toMatch(/"shop" is in order: 3 entities/)
  const listed = execFileSync(join(app, 'node_modules/.bin/tsc'), ['-p', app, '--listFiles'], { encoding: 'utf8' })
  const read = listed.split('\n').filter((path) => path.includes('/node_modules/rowhouse/'))
  expect(read.length).toBeGreaterThan(0)
  expect(read.filter((path) => !path.endsWith('.d.ts'))).toEqual([])
})

test('a mistake in a rule is one for the compiler, too', () => {
  const run = () =>
    execFileSync(join(app, 'node_modules/.bin/tsc'), ['-p', app], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  expect(run).not.toThrow()
  const policy = join(app, 'policies/task.policy.ts')
  const text = readFileSync(policy, 'utf8')
  execFileSync('sed', ['-i.kept', 's/assignee: actor.id/asignee: actor.id/', policy])
  try {
    expect(run).toThrow()
    const checked = spawn(['check', app])
    expect(checked).toMatchObject({ status: 1 })
    expect(checked.stderr).toContain('Did you mean "assignee"?')
    const [, page] = /more {2}(\S+)/.exec(checked.stderr)!
    expect(existsSync(join(app, page!)), page).toBe(true)
  } finally {
    execFileSync('mv', [`${policy}.kept`, policy])
  }
  expect(readFileSync(policy, 'utf8')).toBe(text)
})

test('a new app depends on the version that made it', () => {
  execFileSync(command, ['new', 'other'], { cwd: folder.path, env: bareEnvironment() })
  const made = JSON.parse(readFileSync(join(folder.path, 'other/package.json'), 'utf8'))
  expect(made.dependencies).toEqual({ rowhouse: JSON.parse(readFileSync('package.json', 'utf8')).version })
})

test('`rowhouse dev` serves it', async () => {
  const server = await startServer({ command, args: ['dev', app], env: { ROWHOUSE_DATA: join(folder.path, 'data') } })
  try {
    expect(Object.keys(server.ready.tokens)).toEqual(['lea', 'max', 'zoe'])
    const query = '{ projects(orderBy: NAME_ASC) { nodes { name tasks { nodes { title assignee { name } } } } } }'
    const ofMax = await graphql(server.url, server.ready.tokens.max!, query)
    expect(ofMax.errors).toBeUndefined()
    expect(ofMax.data.projects.nodes.map(({ name }: { name: string }) => name)).toEqual(['Archive', 'Website'])
    const ofZoe = await graphql(server.url, server.ready.tokens.zoe!, query)
    expect(ofZoe).toEqual({ data: { projects: { nodes: [] } } })
  } finally {
    expect(await server.stop()).toEqual({ code: 0, signal: null })
  }
})

function spawn(args: readonly string[]): { readonly status: number; readonly stderr: string } {
  try {
    execFileSync(command, args, { cwd: app, env: bareEnvironment(), encoding: 'utf8', stdio: 'pipe' })
    return { status: 0, stderr: '' }
  } catch (error) {
    return error as { status: number; stderr: string }
  }
}
