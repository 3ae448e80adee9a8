import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type ServedApp, serveApp } from '../../test/support/served-app.ts'
import { openAppDatabase } from '../policies/database.ts'
import { connected } from '../policies/session.ts'

/** Milliseconds of mutations that make a row, by turns: `added` is what each with the hook took longer than the plain one before it. */
export interface HookedTimes {
  readonly plain: readonly number[]
  readonly hooked: readonly number[]
  readonly added: readonly number[]
}

const appFolder = join(import.meta.dirname, 'app')
const warming = 100

/** Makes rows of two entities that differ by a script before each new row, over HTTP, one after the other. */
export async function timeHookedMutations(count: number): Promise<HookedTimes> {
  const database = await openAppDatabase([['clerk']], appFolder)
  try {
    const password = randomBytes(12).toString('hex')
    const admin = await connected(database.adminUrl)
    await admin.query(`alter role ${database.names.login} password '${password}'`)
    await admin.end()
    const login = new URL(database.adminUrl)
    Object.assign(login, { username: database.names.login, password })
    const app = await serveApp(database.model, { loginUrl: login.href }, { appFolder })
    try {
      return await byTurns(app, count)
    } finally {
      await app.close()
    }
  } finally {
    await database.close()
  }
}

async function byTurns(app: ServedApp, count: number): Promise<HookedTimes> {
  const [plain, hooked]: [number[], number[]] = [[], []]
  for (let at = -warming; at < count; at++) {
    const [first, second] = [await make(app, 'PlainLine', at), await make(app, 'HookedLine', at)]
    if (at < 0) continue
    plain.push(first)
    hooked.push(second)
  }
  return { plain, hooked, added: hooked.map((ms, at) => ms - plain[at]!) }
}

/** Every second has its discount from the script. */
async function make(app: ServedApp, entity: 'PlainLine' | 'HookedLine', at: number): Promise<number> {
  const field = `${entity[0]!.toLowerCase()}${entity.slice(1)}`
  const text = `mutation ($row: ${entity}Input!) { create${entity}(input: { ${field}: $row }) { ${field} { id discount } } }`
  const quantity = at % 2 === 0 ? 100 : 1
  const startedAt = performance.now()
  const { data, errors } = await app.ask(clerk, text, { row: { product: `Paper ${at}`, quantity } })
  const ms = performance.now() - startedAt
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const { discount } = data[`create${entity}`][field]
  const expected = entity === 'HookedLine' && quantity === 100 ? '0.05' : null
  if (discount !== expected) throw new Error(`The discount of a ${entity} is ${discount}, not ${expected}.`)
  return ms
}

const clerk = { sub: '00000000-0000-7000-8000-000000000001', roles: ['clerk'] }
