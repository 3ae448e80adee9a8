import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { type AppCopy, copyApp } from './support/app-copy.ts'
import { dataFolder, graphql, type RunningServer, startServer } from './support/start-server.ts'

vi.setConfig({ testTimeout: 600_000 })

const app = await copyApp()
const data = dataFolder()
const options = { args: ['dev', app.folder], env: { ROWHOUSE_DATA: data.path } }
// Starts sooner. Jobs run in a thread of their own there, too.
const small = await copyApp('workshop', 'cli/new/template')
const smallData = dataFolder()
const smallOptions = { args: ['dev', small.folder], env: { ROWHOUSE_DATA: smallData.path } }
mkdirSync(join(small.folder, 'workers'))
writeFileSync(
  join(small.folder, 'workers/rest.ts'),
  "import { worker } from 'rowhouse/workers'\nexport default worker({}, async () => {})\n",
)
const reports = mkdtempSync(join(tmpdir(), 'rowhouse-reports-'))
const reporting = [`--report-on-signal`, `--report-directory=${reports}`, '--report-compact']
afterAll(() => {
  rmSync(reports, { recursive: true, force: true })
  for (const each of [data, smallData, app, small]) each.remove()
})

const path = (file: string) => join(app.folder, file)
const read = (file: string) => readFileSync(path(file), 'utf8')
const lines = (server: RunningServer) => server.output().match(/live after/g)?.length ?? 0
const live = (server: RunningServer, count: number) =>
  expect.poll(() => lines(server), { timeout: 120_000, interval: 20 }).toBe(count)

/** How many worker threads the server has, as it reports itself. */
async function threads({ child }: RunningServer): Promise<number> {
  const before = readdirSync(reports)
  child.kill('SIGUSR2')
  const fresh = () => readdirSync(reports).find((name) => !before.includes(name))
  await expect.poll(fresh, { timeout: 60_000, interval: 20 }).toBeDefined()
  // It is there before it is written.
  const report = () => parsed(readFileSync(join(reports, fresh()!), 'utf8'))
  await expect.poll(report, { timeout: 60_000, interval: 20 }).not.toBeNull()
  return report()!.workers.length
}

function parsed(text: string): { readonly workers: readonly unknown[] } | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Long enough that the server has time for reloads, too. */
const betweenRequestsMs = 10

/** Asks all the time until it is stopped; tells how often each query was answered, and what went wrong. */
function askAllTheTime(server: RunningServer, queries: readonly string[]) {
  let isStopped = false
  const answered = queries.map(() => 0)
  const wrong: unknown[] = []
  const one = async (query: string, which: number): Promise<void> => {
    for (; !isStopped; await sleep(betweenRequestsMs)) {
      const answer = await graphql(server.url, server.ready.tokens.ada!, query).catch((error: unknown) => ({
        errors: [error],
      }))
      answered[which]!++
      if (answer.errors !== undefined) wrong.push(answer.errors)
    }
  }
  const running = queries.map(one)
  return {
    wrong,
    /** Until each was answered once more. */
    async round(): Promise<void> {
      const before = [...answered]
      const isOver = () => answered.every((count, which) => count > before[which]!)
      await expect.poll(isOver, { timeout: 60_000, interval: 5 }).toBe(true)
    },
    async stop(): Promise<void> {
      isStopped = true
      await Promise.all(running)
    },
  }
}

const edits = 9
/**
 * One accepts connections, one serves, one runs scripts and one jobs; one waits for the files of the next edit and one for its API. Those of the last edit may be about to end. What
 * else could stay is looked at in test/server/http/replace.test.ts.
 */
const mostThreads = 6

/** Another one each time: a note, a policy, a field. */
function edit(count: number): void {
  const [order, policy] = ['schema/order.entity.ts', 'policies/order.policy.ts']
  if (count % 3 === 0) addField(app, 'schema/customer.entity.ts', `extra${count}`)
  if (count % 3 === 1) writeFileSync(path(order), read(order).replace(/note: '[^']*'/, `note: 'Edit ${count}.'`))
  if (count % 3 !== 2) return
  if (count % 2 === 0) app.edit(policy, "status: { notIn: ['draft'", "status: { notIn: ['draft', 'shipped'")
  else if (read(policy).includes(", 'shipped'")) app.edit(policy, ", 'shipped'", '')
  else app.edit(policy, "status: { notIn: ['draft'", "status: { notIn: ['draft', 'cancelled'")
}

function addField(to: AppCopy, file: string, name: string): void {
  to.edit(file, '  fields: {', `  fields: {\n    ${name}: string({ optional: true, max: 9 }),`)
}

test('many edits in a row, of policies, fields and notes: every request is answered, reads and writes', async () => {
  const server = await startServer({ ...options, nodeFlags: reporting })
  const { data: first } = await graphql(
    server.url,
    server.ready.tokens.ada!,
    '{ customers(first: 1) { nodes { id } } }',
  )
  const rename = (name: string) =>
    `updateCustomer(input: { id: "${first.customers.nodes[0].id}", patch: { name: "${name}" } }) { customer { name } }`
  const asking = askAllTheTime(server, [
    '{ orders(first: 5) { totalCount nodes { number customer { name } lines { totalCount } } } }',
    '{ customers(first: 5) { nodes { name orders(first: 2) { nodes { number } } } } }',
    `mutation { ${rename('One')} }`,
    `mutation { a: ${rename('A')} b: __typename }`,
  ])
  for (let count = 1; count <= edits; count++) {
    edit(count)
    await live(server, count)
    await asking.round()
    if (count === 3 || count === edits)
      await expect.poll(() => threads(server), { timeout: 120_000 }).toBeLessThanOrEqual(mostThreads)
  }
  await asking.stop()
  expect(asking.wrong).toEqual([])
  const last = await graphql(
    server.url,
    server.ready.tokens.ada!,
    '{ customers(first: 1) { nodes { extra3 extra9 } } }',
  )
  expect(last.data).toEqual({ customers: { nodes: [{ extra3: null, extra9: null }] } })
  expect(await server.stop()).toEqual({ code: 0, signal: null })
})

const project = 'schema/project.entity.ts'

/** Adds a field to projects, and answers when that part of the time has passed that another one took to be live. */
async function addPartly(server: RunningServer, name: string, part: number): Promise<void> {
  addField(small, project, `${name}0`)
  await live(server, 1)
  const tookMs = Number(/live after (\d+) ms/.exec(server.output())![1])
  addField(small, project, name)
  await sleep(part * tookMs)
}

test('Ctrl-C while it reloads ends in an orderly way, with the old version or the new one', async () => {
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const server = await startServer(smallOptions)
    await addPartly(server, `stop${part * 100}`, part)
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(server.output()).not.toMatch(/mistake of Rowhouse|UnhandledPromise|Error:/)
  }
})

test('after kill -9 in the middle of a reload the next start serves what the files say', async () => {
  let server = await startServer(smallOptions)
  for (const part of [0.25, 0.6, 0.9]) {
    const name = `kill${part * 100}`
    await addPartly(server, name, part)
    await server.stop('SIGKILL')
    server = await startServer(smallOptions)
    const query = `{ projects(first: 1) { nodes { ${name} } } }`
    expect(await graphql(server.url, server.ready.tokens.max!, query)).toEqual({
      data: { projects: { nodes: [{ [name]: null }] } },
    })
  }
  await server.stop()
})
