import { join } from 'node:path'
import type pg from 'pg'
import { beforeAll } from 'vitest'
import type { Answer } from '../server/client.ts'
import { type AppServer, useAppServer } from '../support/app-server.ts'

/** Folder of the app. */
export const folder = join(import.meta.dirname, '../fixtures/apps/margins')

export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
/** People: Sam made the deal S, Mia the others. */
export const [sam, mia] = ['00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-0000000000a2']
const id = (number: number): string => `00000000-0000-7000-8000-0000000001${String(number).padStart(2, '0')}`
/** Customers. */
export const [zoe, yan] = [id(1), id(2)]
/** Deals of Acme: one of Sam's, three of Mia's; and one of Globex. */
export const [dealS, dealA, dealB, dealC, foreign] = [id(11), id(12), id(13), id(14), id(15)]

const deal = (key: string, number: string, given: object) => ({
  ...{ id: key, number, region: 'eu', price: 100, bonus: 5, note: 'n', terms: { days: 30, place: 'Bonn' } },
  ...{ customer: zoe, referrer: yan, placedBy: mia },
  ...given,
})

/** Serves the app with deals of two tenants, and lets people have several roles. */
export function useMargins(): () => Margins {
  const server = useAppServer(folder, {
    shared: {
      User: [
        { id: sam, name: 'Sam' },
        { id: mia, name: 'Mia' },
      ],
    },
    tenants: [
      {
        ...{ id: acme, slug: 'acme', name: 'Acme' },
        rows: {
          Customer: [
            { id: zoe, name: 'Zoe' },
            { id: yan, name: 'Yan' },
          ],
          Deal: [
            deal(dealS, 'S', { margin: '10.00', placedBy: sam, referrer: null }),
            deal(dealA, 'A', { margin: '20.00', price: 200, bonus: 7 }),
            deal(dealB, 'B', { margin: '30.00', price: 300 }),
            deal(dealC, 'C', { margin: '20.00', price: 400, region: 'us' }),
          ],
          DealLine: [{ id: id(21), text: 'line', deal: dealA }],
        },
      },
      {
        ...{ id: globex, slug: 'globex', name: 'Globex' },
        rows: {
          Customer: [{ id: id(3), name: 'Xin' }],
          Deal: [deal(foreign, 'A', { margin: '99.00', customer: id(3), referrer: null })],
        },
      },
    ],
  })
  beforeAll(async () => {
    await server().database.ensureRoleSets([
      ['sales', 'clerk'],
      ['manager', 'referrals'],
      ['clerk', 'manager'],
      ['clerk', 'referrals'],
    ])
  })
  return () => new Margins(server())
}

/** Asks the app as people of a tenant. */
export class Margins {
  readonly server: AppServer

  constructor(server: AppServer) {
    this.server = server
  }

  /** As Sam of Acme with some roles. */
  ask(roles: readonly string[], query: string, variables: object = {}, sub = sam): Promise<Answer> {
    return this.server.ask({ sub, tenant: acme, roles }, query, variables)
  }

  /** What of it came back; fails for errors. */
  async data(roles: readonly string[], query: string, variables: object = {}, sub = sam) {
    const { data, errors } = await this.ask(roles, query, variables, sub)
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '))
    return data
  }

  /** SQL as the roles of Sam. */
  query(roles: readonly string[], text: string): Promise<pg.QueryResult> {
    return this.server.database.asActor({ roles, tenant: acme, actor: sam }, (client) => client.query(text))
  }
}
