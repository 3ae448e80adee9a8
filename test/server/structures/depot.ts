import { join } from 'node:path'
import { type AppServer, useAppServer } from '../../support/app-server.ts'
import type { Answer } from '../client.ts'

/** Tenants and people of the depot. */
export const acme = '00000000-0000-7000-8000-00000000000a'
export const globex = '00000000-0000-7000-8000-00000000000b'
export const sam = '00000000-0000-7000-8000-0000000000a1'

/** An item of each tenant that the seed makes. */
export const acmeItem = '00000000-0000-7000-8000-0000000000c1'
export const globexItem = '00000000-0000-7000-8000-0000000000c2'

const seeded = {
  name: 'Crate',
  tags: ['wood'],
  colours: ['dark-blue'],
  prices: ['12.50', '99999999999999999.99'],
  target: { street: 'Dock 2', zip: '12345' },
  steps: [{ on: '2026-01-31', cost: '1.5' }],
  stock: { hall: 3 },
  thumb: 'aGk=',
}

/** The fixture app `depot`: lists, shapes, dicts and binary data. */
export function useDepot(): () => Depot {
  const server = useAppServer(join(import.meta.dirname, '../../fixtures/apps/depot'), {
    shared: { User: [{ id: sam, name: 'Sam' }] },
    tenants: [
      { id: acme, slug: 'acme', name: 'Acme', rows: { Item: [{ ...seeded, id: acmeItem }] } },
      { id: globex, slug: 'globex', name: 'Globex', rows: { Item: [{ ...seeded, id: globexItem }] } },
    ],
  })
  return () => new Depot(server())
}

/** Asks the depot as people of a tenant. */
export class Depot {
  readonly server: AppServer

  constructor(server: AppServer) {
    this.server = server
  }

  /** As a keeper, who may do anything; of acme unless said otherwise. */
  ask(query: string, variables: object = {}, tenant = acme): Promise<Answer> {
    return this.server.ask({ sub: sam, tenant, roles: ['keeper'] }, query, variables)
  }

  /** As a reader with claims. */
  read(query: string, claims: Readonly<Record<string, string>>, tenant = acme): Promise<Answer> {
    return this.server.ask({ sub: sam, tenant, roles: ['reader'], claims }, query)
  }

  /** Makes an item; what was refused, or the item as it is shown. */
  async create(item: object, shown: string): Promise<Answer> {
    const query = `mutation ($item: ItemInput!) { createItem(input: { item: $item }) { item { ${shown} } } }`
    return this.ask(query, { item: { name: 'New', ...item } })
  }
}
