import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { npm, packRowhouse, temporaryFolder } from '../e2e/support/packed-app.ts'
import { graphql, startServer } from '../e2e/support/start-server.ts'

/** What a new user does: a new app, `npm install` with every dependency from the registry, and the app's own scripts. */
const folder = temporaryFolder()
const app = join(folder.path, 'shop')

beforeAll(async () => {
  const made = await runRowhouse(['new', app])
  expect(made, made.stderr).toMatchObject({ code: 0 })
  const manifest = join(app, 'package.json')
  const text = JSON.parse(readFileSync(manifest, 'utf8'))
  const dependencies = { rowhouse: `file:${packRowhouse(folder.path)}` }
  writeFileSync(manifest, JSON.stringify({ ...text, dependencies }))
  npm(['install', '--no-audit', '--no-fund'], app)
})
afterAll(folder.remove)

test('npx finds the command line', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(npm(['exec', '--no', 'rowhouse', '--', '--version'], app).trim()).toBe(version)
})

test('npm run check is content', () => {
  expect(npm(['run', 'check'], app)).toContain('"shop" is in order')
})

test('there is one graphql', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  const found = [...npm(['ls', 'graphql', '--all', '--parseable'], app).matchAll(/\S+\/node_modules\/graphql$/gm)]
  expect(new Set(found.map(([path]) => path)).size).toBe(1)
  const installed = JSON.parse(readFileSync(join(app, 'node_modules/graphql/package.json'), 'utf8'))
  expect(installed.version).toBe(dependencies.graphql)
})

test('npm start serves the app', async () => {
  const command = join(app, 'node_modules/.bin/rowhouse')
  const server = await startServer({ command, args: ['dev', app] })
  try {
    const answer = await graphql(server.url, server.ready.tokens.lea!, '{ tasks { totalCount } }')
    expect(answer).toEqual({ data: { tasks: { totalCount: 3 } } })
  } finally {
    expect(await server.stop()).toEqual({ code: 0, signal: null })
  }
})
