import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { copyApp } from './support/app-copy.ts'
import { dataFolder, graphql, type RunningServer, startServer } from './support/start-server.ts'

vi.setConfig({ testTimeout: 600_000 })

const app = await copyApp()
const data = dataFolder()
const options = { args: ['dev', app.folder], env: { ROWHOUSE_DATA: data.path } }
afterAll(() => {
  data.remove()
  app.remove()
})

const path = (file: string) => join(app.folder, file)
const read = (file: string) => readFileSync(path(file), 'utf8')
const lines = (server: RunningServer) => server.output().match(/live after/g)?.length ?? 0
const live = (server: RunningServer, count: number) =>
  expect.poll(() => lines(server), { timeout: 120_000, interval: 20 }).toBe(count)

/** What the process has in memory; null where the system does not say. */
function residentMb({ child }: RunningServer): number | null {
  const status = `/proc/${child.pid}/status`
  return existsSync(status) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))![1]) / 1024 : null
}

/** Asks all the time until it is stopped; gives back how often, and what went wrong. */
function askAllTheTime(server: RunningServer, queries: readonly string[]) {
  let isStopped = false
  let answered = 0
  const wrong: unknown[] = []
  const one = async (query: string): Promise<void> => {
    while (!isStopped) {
      const answer = await graphql(server.url, server.ready.tokens.ada!, query).catch((error: unknown) => ({
        errors: [error],
      }))
      answered++
      if (answer.errors !== undefined) wrong.push(answer.errors)
    }
  }
  const running = queries.map(one)
  return {
    async stop() {
      isStopped = true
      await Promise.all(running)
      return { answered, wrong }
    },
  }
}

test('thirty edits in a row, of policies, fields and notes: every request is answered, reads and writes', async () => {
  const server = await startServer(options)
  const { data: first } = await graphql(
    server.url,
    server.ready.tokens.ada!,
    '{ customers(first: 1) { nodes { id } } }',
  )
  const rename = (name: string) =>
    `mutation { updateCustomer(input: { id: "${first.customers.nodes[0].id}", patch: { name: "${name}" } }) { customer { name } } }`
  const memory: (number | null)[] = []
  const asking = askAllTheTime(server, [
    '{ orders(first: 5) { totalCount nodes { number customer { name } lines { totalCount } } } }',
    '{ customers(first: 5) { nodes { name orders(first: 2) { nodes { number } } } } }',
    rename('One'),
    `mutation { a: updateCustomer(input: { id: "${first.customers.nodes[0].id}", patch: { name: "A" } }) { customer { name } } b: __typename }`,
  ])
  for (let edit = 1; edit <= 30; edit++) {
    if (edit % 3 === 0)
      app.edit(
        'schema/customer.entity.ts',
        '  fields: {',
        `  fields: {\n    extra${edit}: string({ optional: true, max: 9 }),`,
      )
    if (edit % 3 === 1)
      writeFileSync(
        path('schema/order.entity.ts'),
        read('schema/order.entity.ts').replace(/note: '[^']*'/, `note: 'Edit ${edit}.'`),
      )
    if (edit % 3 === 2)
      app.edit(
        'policies/order.policy.ts',
        "status: { notIn: ['draft'",
        `status: { notIn: ['draft'${edit % 2 === 0 ? ", 'shipped'" : ''}`,
      )
    if (edit % 3 === 2 && edit % 2 === 1) app.edit('policies/order.policy.ts', ", 'shipped'", '')
    await live(server, edit)
    if (edit === 10 || edit === 30) memory.push(residentMb(server))
  }
  const { answered, wrong } = await asking.stop()
  expect(wrong).toEqual([])
  expect(answered).toBeGreaterThan(60)
  // A thread that stayed would be some 40 MB, twenty of them 800; what the server keeps itself is looked at in test/server/http/replace.test.ts.
  const [early, late] = memory
  if (early != null && late != null) expect(late - early).toBeLessThan(300)
  const last = await graphql(
    server.url,
    server.ready.tokens.ada!,
    '{ customers(first: 1) { nodes { extra3 extra30 } } }',
  )
  expect(last.data).toEqual({ customers: { nodes: [{ extra3: null, extra30: null }] } })
  expect(await server.stop()).toEqual({ code: 0, signal: null })
})

test('Ctrl-C while it reloads ends in an orderly way, with the old version or the new one', async () => {
  for (const waitMs of [0, 60, 150, 300, 600]) {
    const server = await startServer(options)
    // Past what it does on its own behind the start.
    await sleep(1500)
    app.edit(
      'schema/product.entity.ts',
      '  fields: {',
      `  fields: {\n    stop${waitMs}: string({ optional: true, max: 9 }),`,
    )
    await sleep(waitMs)
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(server.output()).not.toMatch(/mistake of Rowhouse|UnhandledPromise|Error:/)
  }
})

test('after kill -9 in the middle of a reload the next start serves what the files say', async () => {
  for (const waitMs of [100, 300, 700]) {
    const server = await startServer(options)
    await sleep(1500)
    app.edit(
      'schema/product.entity.ts',
      '  fields: {',
      `  fields: {\n    kill${waitMs}: string({ optional: true, max: 9 }),`,
    )
    await sleep(waitMs)
    await server.stop('SIGKILL')
    const next = await startServer(options)
    const answer = await graphql(next.url, next.ready.tokens.ada!, `{ products(first: 1) { nodes { kill${waitMs} } } }`)
    expect(answer).toEqual({ data: { products: { nodes: [{ [`kill${waitMs}`]: null }] } } })
    await next.stop()
  }
})
