import { type SeedRow, stableId } from 'rowhouse'
import { day, instant } from './calendar.ts'
import type { Chance } from './chance.ts'
import type { Plan } from './tenants.ts'
import { companies, familyNames, firstNames } from './words.ts'

/** Customers of a tenant, organisation by organisation. */
export function makeCustomers(plan: Plan, chance: Chance): readonly SeedRow[] {
  const names = companies.slice(...plan.companies)
  const owners = plan.organizations.flatMap(({ name, customers }) => Array.from({ length: customers }, () => name))
  return names.map((name, index) => ({
    id: stableId(plan.slug, 'Customer', name),
    number: `C-${String(index + 1).padStart(4, '0')}`,
    name,
    region: regionOf(chance),
    website: chance.percent(80) ? `https://www.${plain(name)}.example` : null,
    since: day(-chance.between(1, 3000)),
    creditLimit: `${chance.between(2, 40) * 2500}.00`,
    paymentTerm: chance.pick([14, 30, 30, 30, 60]),
    organization: stableId(plan.slug, 'Organization', owners[index]!),
    createdAt: instant(0, 8 * 60 + index),
    updatedAt: instant(0, 8 * 60 + index),
  }))
}

function regionOf(chance: Chance): 'eu' | 'us' | 'apac' {
  if (chance.percent(55)) return 'eu'
  return chance.percent(75) ? 'us' : 'apac'
}

/** One to three contacts of each customer; the first one buys. */
export function makeContacts(plan: Plan, customers: readonly SeedRow[], chance: Chance): readonly SeedRow[] {
  return customers.flatMap((customer) => {
    const people = chance.some(firstNames, chance.between(1, 3))
    return people.map((first, index) => makeContact({ plan, customer, first, index }, chance))
  })
}

const parts = ['buyer', 'billing', 'shipping'] as const

interface ContactOf {
  readonly plan: Plan
  readonly customer: SeedRow
  readonly first: string
  readonly index: number
}

function makeContact({ plan, customer, first, index }: ContactOf, chance: Chance): SeedRow {
  const family = chance.pick(familyNames)
  return {
    id: stableId(plan.slug, 'Contact', customer.name as string, String(index)),
    customer: customer.id!,
    name: `${first} ${family}`,
    email: `${plain(first)}.${plain(family)}@${plain(customer.name as string)}.example`,
    phone: chance.percent(85) ? `+44 20 7946 0${chance.between(100, 999)}` : null,
    part: parts[index]!,
    newsletter: chance.percent(30),
    createdAt: customer.createdAt!,
    updatedAt: customer.createdAt!,
  }
}

/** Letters and digits alone, without accents: fit for an address. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toLowerCase()
}
