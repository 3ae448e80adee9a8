import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { codeHash } from '../../cli/dev/load/code-hash.ts'
import { startAppRunner } from '../../server/jobs/app-runner.ts'
import { loadWork } from '../../server/jobs/load-work.ts'
import { readBlocks } from '../docs/read-document.ts'
import { useAppServer } from '../support/app-server.ts'

const blocks = readBlocks('docs/guide/behaviour/actions-and-hooks.md')
const folder = join(process.cwd(), '.tmp', `pottery-${process.pid}`)
for (const { marks, text } of blocks) {
  if (marks.file === undefined) continue
  mkdirSync(dirname(join(folder, marks.file)), { recursive: true })
  writeFileSync(join(folder, marks.file), text)
}
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tenant = '00000000-0000-8000-8000-00000000000a'
const ann = '00000000-0000-8000-8000-0000000000f1'
const server = useAppServer(folder, {
  shared: { Person: [{ id: ann, name: 'Ann' }] },
  tenants: [{ id: tenant, slug: 'north', name: 'North', rows: {} }],
})
const ask = (text: string, variables = {}, role = 'potter') =>
  server().ask({ sub: ann, tenant, roles: [role] }, text, variables)

test('what the guide shows is what happens', async () => {
  const [create, sell, appraise, fire] = blocks.filter(({ marks }) => marks.run === 'potter').map(({ text }) => text)
  const { data } = await ask(create!)
  const { id, name } = data.createPot.pot
  expect(name).toBe('bowl')
  const change =
    'mutation ($id: UUID!, $price: BigFloat!) { updatePot(input: { id: $id, patch: { price: $price } }) { pot { remark } } }'
  expect((await ask(change, { id, price: '13' })).data.updatePot.pot.remark).toBe('It was 12.50.')
  expect((await ask(appraise!, { id })).data.appraisePot.output).toEqual({ worth: '13.00' })
  expect((await ask(fire!, { id })).data.firePot.pot).toEqual({ name: 'bowl' })
  expect((await ask(sell!, { id }, 'visitor')).errors[0]!.extensions.code).toBe('FORBIDDEN')
  const sold = {
    pot: { sold: true, remark: 'Sold to Eve.' },
    output: { paid: '13.00' },
    notes: ['Wrap it well for Eve.'],
  }
  expect((await ask(sell!, { id })).data.sellPot).toEqual(sold)
  expect((await ask(sell!, { id })).data.sellPot).toEqual(sold)
  const again = await ask(sell!.replace('pot-1', 'pot-2'), { id })
  expect(again.errors[0]!.extensions).toMatchObject({ code: 'VALIDATION', rule: 'sell' })
  expect((await ask(change, { id, price: '14' })).errors[0]!.message).toBe('A pot that is sold keeps its price.')
})

test('the action of the app that the guide shows is done', async () => {
  const [make, clear] = blocks
    .filter(({ marks }) => marks.run === 'potter')
    .map(({ text }) => text)
    .slice(-2)
  expect((await ask(make!)).errors).toEqual([])
  expect((await ask(clear!, {}, 'visitor')).errors[0]!.extensions.code).toBe('FORBIDDEN')
  const cleared = { output: { pots: 1, worth: '36.00' }, notes: ['1 pots are cheaper now.'] }
  expect((await ask(clear!)).data.clearOut).toEqual(cleared)
  expect((await ask(clear!)).data.clearOut).toEqual(cleared)
})

test('a job of the guide is done', async () => {
  const { data } = await ask('mutation { createPot(input: { pot: { name: "jug", price: "1" } }) { pot { id } } }')
  const fire = blocks.find(({ language, text }) => language === 'graphql' && text.includes('firePot'))!
  const { id } = data.createPot.pot
  expect((await ask(fire.text, { id })).errors).toEqual([])
  const { model, database } = server()
  const { loginUrl: databaseUrl, names } = database
  const work = await loadWork(model, folder)
  const runner = await startAppRunner({ model, work, names, databaseUrl, concurrency: 1 })
  const remark = async () =>
    (await ask('query ($id: UUID!) { pot(id: $id) { remark } }', { id })).data.pot.remark as string
  await expect.poll(remark, { timeout: 60_000 }).toBe('Fired at 1200 degrees.')
  await runner.close()
})

test('a server that serves another version of an app loads its code anew', async () => {
  const before = codeHash(folder)
  const file = join(folder, 'actions/watch-price.ts')
  writeFileSync(file, readFileSync(file, 'utf8').replace('It was', 'Before'))
  expect(codeHash(folder)).not.toBe(before)
  await server().server.replace(server().model, async () => undefined)
  const { data } = await ask('mutation { createPot(input: { pot: { name: "cup", price: "1" } }) { id } }')
  const change = 'mutation ($id: UUID!) { updatePot(input: { id: $id, patch: { price: "2" } }) { pot { remark } } }'
  const changed = await ask(change, { id: data.createPot.id })
  expect(changed.data.updatePot.pot.remark).toBe('Before 1.00.')
})
