import { afterAll, beforeAll } from 'vitest'
import { buildCatalog } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { runSeed, type SeedData } from '#server'
import { type TestDatabase, useDatabase } from '../support/database.ts'
import { type ServedApp, serveApp } from '../support/served-app.ts'
import type { Answer } from './client.ts'

/** Tenants of the lodge. */
export const tenants = {
  alp: '00000000-0000-8000-8000-00000000000a',
  bay: '00000000-0000-8000-8000-00000000000b',
} as const

/** Who asks: a role and a tenant. */
export interface LodgeCaller {
  readonly role: 'host' | 'clerk' | 'parisian'
  readonly tenant?: keyof typeof tenants
}

/** The lodge of `test/fixtures/apps/lodge`, seeded and served. */
export interface Lodge {
  readonly model: Model
  readonly database: TestDatabase
  ask(caller: LodgeCaller, query: string, variables?: object): Promise<Answer>
}

const person = '00000000-0000-8000-8000-0000000000f1'

/** Id of a seeded row; the same number in both tenants is another row. */
export function lodgeId(kind: 'guest' | 'room' | 'booking', n: number, tenant: keyof typeof tenants = 'alp'): string {
  const group = { guest: '9000', room: '9001', booking: '9002' }[kind]
  return `00000000-0000-8000-${group}-0000000${tenant === 'alp' ? 'a' : 'b'}000${n}`
}

/** The lodge for the test file that calls this at its top. */
export function useLodge(): () => Lodge {
  const database = useDatabase({ migrator: 'plain' })
  let lodge: Lodge | undefined
  let served: ServedApp | undefined
  beforeAll(async () => {
    const { model: loaded } = await loadModel('test/fixtures/apps/lodge')
    const model: Model = { ...loaded, app: database().name }
    await database().applyCatalog(buildCatalog(model))
    await database().ensureRoleSets([['host'], ['clerk'], ['parisian']])
    const { migrator, names } = database()
    await runSeed(model, seed, { client: migrator, owner: names.owner, again: false })
    served = await serveApp(model, database(), { poolSize: 4 })
    const askAs = served.ask
    const ask: Lodge['ask'] = ({ role, tenant = 'alp' }, query, variables = {}) =>
      askAs({ sub: person, tenant: tenants[tenant], roles: [role] }, query, variables)
    lodge = { model, database: database(), ask }
  })
  afterAll(() => served?.close())
  return () => lodge!
}

function rows(tenant: keyof typeof tenants) {
  const id = (kind: 'guest' | 'room' | 'booking', n: number) => lodgeId(kind, n, tenant)
  const home = (street: string, city: string) => ({ street, city })
  return {
    Guest: [
      {
        id: id('guest', 1),
        name: 'Ann',
        home: { ...home('Rue A 1', 'Paris'), postcode: '75001', kind: 'home', geo: { lat: 48.85, lng: 2.35 } },
        billing: { ...home('Kontoret 2', 'Oslo'), kind: 'work', geo: null },
        budget: { amount: '120.50', currency: 'EUR' },
        limits: { nights: 3, smoking: true },
      },
      { id: id('guest', 2), name: 'Bob', home: home('Gata 3', 'Oslo'), billing: null, passport: { number: 'P2' } },
      { id: id('guest', 3), name: 'Cem', home: home('Rue C 4', 'Paris'), passport: { country: 'TR' } },
    ],
    Room: [
      { id: id('room', 1), name: 'One' },
      { id: id('room', 2), name: 'Two' },
    ],
    Booking: [
      {
        id: id('booking', 1),
        room: id('room', 1),
        guest: id('guest', 1),
        stay: { from: '2026-05-01', to: '2026-05-07' },
        cleaning: { from: '2026-05-08T09:00:00Z', to: '2026-05-08T11:30:00Z' },
      },
      { id: id('booking', 2), room: id('room', 1), stay: { from: '2026-07-31', to: '2026-07-31' }, cleaning: null },
      { id: id('booking', 3), room: id('room', 2), stay: { from: null, to: '2026-01-09' } },
      { id: id('booking', 4), room: id('room', 2), stay: { from: '2026-12-24', to: null } },
    ],
  }
}

const seed: SeedData = {
  shared: { Person: [{ id: person, name: 'Pia' }] },
  tenants: [
    { id: tenants.alp, slug: 'alp', name: 'Alp', rows: rows('alp') },
    { id: tenants.bay, slug: 'bay', name: 'Bay', rows: rows('bay') },
  ],
}
