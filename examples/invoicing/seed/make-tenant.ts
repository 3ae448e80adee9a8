import { type SeedRow, type SeedTenantStream, stableId } from 'rowhouse'
import { day, instant } from './calendar.ts'
import { chance } from './chance.ts'
import { makeContacts, makeCustomers } from './customers.ts'
import { makeInvoices } from './invoices.ts'
import { moreInvoices, moreOrders, rowsOf } from './more.ts'
import { fromCents, makeOrders } from './orders.ts'
import { type Plan, tenantId, type UserName, userId } from './tenants.ts'
import { products } from './words.ts'

const start = instant(0, 7 * 60)
const made = { createdAt: start, updatedAt: start }

/** All rows of a tenant. @param scale how often its orders are there, with all that belongs to them */
export function makeTenant(plan: Plan, scale: number): SeedTenantStream {
  const luck = chance(plan.chance)
  const customers = makeCustomers(plan, luck)
  const stock = { customers, products: makeProducts(plan) }
  const orders = makeOrders(plan, stock, luck)
  const invoices = makeInvoices(plan, orders, luck)
  const more = { plan, stock, scale, billed: invoices.length }
  return {
    id: tenantId(plan.slug),
    slug: plan.slug,
    name: plan.name,
    rows: {
      Organization: makeOrganizations(plan),
      Membership: makeMemberships(plan),
      Product: stock.products,
      Customer: customers,
      Contact: makeContacts(plan, customers, luck),
      Order: rowsOf(
        orders,
        () => moreOrders(more),
        ({ row }) => [row()],
      ),
      OrderLine: rowsOf(
        orders,
        () => moreOrders(more),
        ({ lines }) => lines(),
      ),
      Invoice: rowsOf(
        invoices,
        () => moreInvoices(more),
        ({ row }) => [row()],
      ),
      Payment: rowsOf(
        invoices,
        () => moreInvoices(more),
        ({ payments }) => payments(),
      ),
    },
  }
}

function makeOrganizations(plan: Plan): readonly SeedRow[] {
  return plan.organizations.map(({ name }, index) => ({
    id: stableId(plan.slug, 'Organization', name),
    name,
    slug: name.toLowerCase().replaceAll(' ', '-'),
    opensAt: index === 0 ? '07:30:00' : '08:00:00',
    ...made,
  }))
}

function makeMemberships(plan: Plan): readonly SeedRow[] {
  return plan.organizations.flatMap(({ name, members }) =>
    Object.entries(members).map(([user, level]) => ({
      id: stableId(plan.slug, 'Membership', name, user),
      organization: stableId(plan.slug, 'Organization', name),
      user: userId(user as UserName),
      level,
      since: day(-100),
      ...made,
    })),
  )
}

function makeProducts(plan: Plan): readonly SeedRow[] {
  return products.map(([sku, name, cents], index) => ({
    id: stableId(plan.slug, 'Product', sku),
    sku,
    name,
    price: fromCents(cents),
    stock: (index * 37) % 120,
    barcode: String(4_006_381_000_000 + index * 1379),
    catalogId: stableId('catalog', sku),
    // The last two are no longer sold.
    active: index < products.length - 2,
    ...made,
  }))
}
