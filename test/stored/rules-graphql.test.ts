import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDevKeys } from '#server'
import { type ShopServer, startShopServer } from '../server/client.ts'
import { bo, useLedgers, vouchersFolder } from './ledgers.ts'

const ledgers = useLedgers(vouchersFolder)
let running: ShopServer | undefined
let folder = ''
let project = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowhouse-keys-'))
  running = await startShopServer(ledgers(), await loadDevKeys(folder))
  await ledgers().load(`insert into app.project (name, budget) values ('P', 100)`)
  project = String((await ledgers().run('select id from app.project'))[0]!.id)
})
afterAll(async () => {
  await running?.server.close()
  await rm(folder, { recursive: true })
})

async function ask(query: string) {
  return await running!.ask(query, null, await running!.token({ sub: bo, roles: ['boss'], claims: {} }))
}

const voucher = (number: string, declared: string, more = '') =>
  `createVoucher(input: { voucher: { number: "${number}", declared: "${declared}", projectId: "${project}"${more} } }) { voucher { id } }`
const idOf = async (number: string) =>
  String((await ledgers().run(`select id from app.voucher where number = $1`, [number]))[0]?.id)
const sum = 'what is declared is the sum of the lines'

test('a row that needs others is refused alone, and nothing of the request is kept', async () => {
  const { data, errors } = await ask(`mutation { ${voucher('alone', '0')} }`)
  expect(data).toBeNull()
  expect(errors.map(({ message, extensions }) => ({ message, extensions }))).toEqual([
    {
      message: 'This breaks a rule: it has a line.',
      extensions: { code: 'VALIDATION', rule: 'it has a line', fields: ['lineCount'] },
    },
  ])
  expect(await ledgers().run(`select from app.voucher where number = 'alone'`)).toEqual([])
})

test('a change of another row is refused with the rule and its fields, whoever reads them', async () => {
  await ledgers().load(`
    insert into app.voucher (number, declared, project_id) values ('V', 10, '${project}');
    insert into app.posting (voucher_id, amount) select id, 10 from app.voucher where number = 'V'`)
  const id = await idOf('V')
  const line = `mutation { createPosting(input: { posting: { voucherId: "${id}", amount: "5" } }) { posting { id } } }`
  for (const role of ['boss', 'clerk']) {
    const { errors } = await running!.ask(line, null, await running!.token({ sub: bo, roles: [role], claims: {} }))
    expect(errors.map(({ message, extensions }) => ({ message, extensions }))).toEqual([
      {
        message: `This breaks a rule: ${sum}.`,
        extensions: { code: 'VALIDATION', rule: sum, fields: ['declared', 'sum'] },
      },
    ])
  }
  expect(await ledgers().run('select amount from app.posting')).toEqual([{ amount: '10.00' }])
})

test('several changes of one request are looked at together', async () => {
  const id = await idOf('V')
  const { data, errors } = await ask(`mutation {
    a: createPosting(input: { posting: { voucherId: "${id}", amount: "5" } }) { posting { voucher { sum declared } } }
    b: updateVoucher(input: { id: "${id}", patch: { declared: "15" } }) { voucher { sum declared } }
  }`)
  expect(errors).toEqual([])
  expect(data.a.posting.voucher).toEqual({ sum: '15.00', declared: '10.00' })
  expect(data.b.voucher).toEqual({ sum: '15.00', declared: '15.00' })
})
