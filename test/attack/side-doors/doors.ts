import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { defaultLimits } from '#server'
import type { Answer } from '../../server/client.ts'
import { type AppServer, useAppServer } from '../../support/app-server.ts'
import type { Subject } from '../../support/served-app.ts'

const folder = join(import.meta.dirname, 'app')
const id = (end: string): string => `00000000-0000-7000-8000-0000000${end.padStart(5, '0')}`

export const acme = id('a')
export const globex = id('b')
/** Sam works in the team North, Mia in South, Gil at Globex; Zoe is in no team. */
export const [sam, mia, gil, zoe] = [id('a1'), id('a2'), id('b1'), id('a3')]
/** Teams: two of Acme, one of Globex. */
export const [north, south, east] = [id('c1'), id('c2'), id('d1')]
/** Customers of North, of South, of Globex; and one of North that was removed. */
export const [ours, theirs, foreignCustomer, goneCustomer] = [id('101'), id('102'), id('103'), id('104')]
/** Orders: two of North, two of South, one of Globex; and one of North that was removed. */
export const [ownA, ownB, hiddenA, hiddenB, foreignOrder, goneOrder] = [
  ...[id('201'), id('202'), id('203'), id('204')],
  ...[id('205'), id('206')],
] as [string, string, string, string, string, string]
/** One line of each order, in that order. */
export const lines = ['301', '302', '303', '304', '305', '306'].map(id)
/** There is no row of this id. */
export const absent = id('dead')

/** Asks the app of this folder as its people. */
export interface Doors extends AppServer {
  /** As Sam of Acme, seller, or whoever is said. */
  as(who: Partial<Subject> | null, query: string, variables?: object): Promise<Answer>
  /** What came back; fails for errors. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  data(who: Partial<Subject>, query: string, variables?: object): Promise<any>
}

/** Somebody who sees all of Acme. */
export const boss: Partial<Subject> = { sub: mia, roles: ['boss'] }

/**
 * Serves the app `doors` for one test file. Sellers see the customers of their teams, their orders without `margin` and the lines of those; guests the orders
 * that a remark tells them of; letters are written by all and read by bosses.
 */
export function useDoors(roleSets: readonly (readonly string[])[] = []): () => Doors {
  const app = useAppServer(folder, seed, { limits: wideLimits })
  beforeAll(async () => {
    await app().database.ensureRoleSets([[], ['seller'], ['boss'], ['guest'], ...roleSets])
    await app().database.asOwner(async (client) => {
      await client.query(`update app.customer set deleted_at = now() where id = '${goneCustomer}'`)
      await client.query(`update app."order" set deleted_at = now() where id = '${goneOrder}'`)
      await client.query(`update app.order_line set deleted_at = now() where id = '${lines[5]}'`)
    })
  })
  return () => {
    const as: Doors['as'] = (who, query, variables = {}) =>
      app().ask(who === null ? null : { sub: sam, tenant: acme, roles: ['seller'], ...who }, query, variables)
    const data: Doors['data'] = async (who, query, variables) => {
      const answer = await as(who, query, variables)
      if (answer.errors.length > 0) throw new Error(answer.text)
      return answer.data
    }
    return { ...app(), as, data }
  }
}

/** Many questions are asked in one request. */
const wideLimits = { ...defaultLimits, operation: { ...defaultLimits.operation, maxRows: 1e9 } }

const people = [
  { id: sam, name: 'Sam' },
  { id: mia, name: 'Mia' },
  { id: zoe, name: 'Zoe' },
  { id: gil, name: 'Gil' },
]
const order = (key: string, customer: string, given: object) => ({
  ...{ id: key, customer, amount: '10.00', margin: '1.00', weight: 1 },
  ...given,
})

const seed = {
  shared: { User: people },
  tenants: [
    {
      ...{ id: acme, slug: 'acme', name: 'Acme' },
      rows: {
        Team: [
          { id: north, name: 'North' },
          { id: south, name: 'South' },
        ],
        Membership: [
          { id: id('e1'), team: north, user: sam },
          { id: id('e2'), team: south, user: mia },
        ],
        Customer: [
          { id: ours, team: north, name: 'Ours', code: 'OURS', memo: 'quiet' },
          { id: theirs, team: south, name: 'Theirs', code: 'THEIRS', memo: 'loud' },
          { id: goneCustomer, team: north, name: 'Gone', code: 'GONE' },
        ],
        Order: [
          order(ownA, ours, { number: 'A', amount: '10.00', margin: '1.50', weight: 3 }),
          order(ownB, ours, { number: 'B', amount: '20.00', margin: '9.00', weight: 5 }),
          order(hiddenA, theirs, { number: 'X', amount: '700.00', margin: '70.00', weight: 700 }),
          order(hiddenB, theirs, { number: 'Y', amount: '800.00', margin: null, weight: 800 }),
          order(goneOrder, ours, { number: 'G', amount: '4000.00', margin: '40.00', weight: 400 }),
        ],
        OrderLine: [ownA, ownB, hiddenA, hiddenB, goneOrder].map((key, at) => {
          const line = at === 4 ? 5 : at
          return { id: lines[line]!, order: key, text: `line ${line}`, price: 10 ** line }
        }),
        Remark: [
          { id: id('401'), order: ownA, to: zoe, text: 'look' },
          { id: id('402'), order: hiddenA, to: mia, text: 'mine' },
        ],
        Letter: [{ id: id('501'), body: 'Dear boss', topic: 'pay' }],
      },
    },
    {
      ...{ id: globex, slug: 'globex', name: 'Globex' },
      rows: {
        Team: [{ id: east, name: 'East' }],
        Membership: [{ id: id('e3'), team: east, user: gil }],
        Customer: [{ id: foreignCustomer, team: east, name: 'Foreign', code: 'OURS', memo: 'far' }],
        Order: [
          order(foreignOrder, foreignCustomer, { number: 'A', amount: '90000.00', margin: '900.00', weight: 900 }),
        ],
        OrderLine: [{ id: lines[4]!, order: foreignOrder, text: 'far', price: 10 ** 4 }],
      },
    },
  ],
}
