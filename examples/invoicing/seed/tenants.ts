import { stableId } from 'rowhouse'

/** Everybody with an account, of both tenants. */
export const users = {
  ada: { name: 'Ada Lindgren', email: 'ada@acme.example' },
  sam: { name: 'Sam Okafor', email: 'sam@acme.example' },
  mia: { name: 'Mia Rossi', email: 'mia@acme.example' },
  tom: { name: 'Tom Becker', email: 'tom@acme.example' },
  gil: { name: 'Gil Santos', email: 'gil@globex.example' },
  eve: { name: 'Eve Nakamura', email: 'eve@globex.example' },
} as const

/** Short name of a user. */
export type UserName = keyof typeof users

/** What a tenant of the example is made of. */
export interface Plan {
  readonly slug: 'acme' | 'globex'
  readonly name: string
  /** Where its sequence of chance starts. */
  readonly chance: number
  /** Its part of the list of companies: from, to. */
  readonly companies: readonly [number, number]
  readonly orders: number
  readonly organizations: readonly OrganizationPlan[]
}

/** An organisation: so many customers, and who works there. */
export interface OrganizationPlan {
  readonly name: string
  readonly customers: number
  readonly members: Readonly<Partial<Record<UserName, 'member' | 'manager'>>>
}

/** In acme, sam meets half of the customers, mia three quarters. */
export const plans: readonly Plan[] = [
  {
    slug: 'acme',
    name: 'Acme Office Supply',
    chance: 1,
    companies: [0, 40],
    orders: 1400,
    organizations: [
      { name: 'Acme North', customers: 10, members: { sam: 'member', mia: 'member', tom: 'manager' } },
      { name: 'Acme South', customers: 10, members: { mia: 'manager' } },
      { name: 'Acme West', customers: 10, members: { sam: 'member', mia: 'member' } },
      { name: 'Acme Key Accounts', customers: 10, members: { tom: 'member', ada: 'manager' } },
    ],
  },
  {
    slug: 'globex',
    name: 'Globex Interiors',
    chance: 2,
    companies: [40, 60],
    orders: 600,
    organizations: [
      { name: 'Globex Trade', customers: 12, members: { gil: 'member', eve: 'manager' } },
      { name: 'Globex Retail', customers: 8, members: { eve: 'manager' } },
    ],
  },
]

/** Id of a tenant. */
export function tenantId(slug: Plan['slug']): string {
  return stableId('tenant', slug)
}

/** Id of a user. */
export function userId(name: UserName): string {
  return stableId('User', name)
}
