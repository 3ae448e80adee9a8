import { type SeedData, stableId } from '#server'
import type { Subject } from '../../support/served-app.ts'

const tenant = stableId('northwind')

/** An account: of an employee by its number, of a customer by its code. */
export function accountOf(who: number | string): string {
  return stableId('northwind', 'account', String(who))
}

/** A caller. All of them work with the same rows: the tables were there before tenants were. */
export function caller(who: number | string, roles: readonly string[]): Subject {
  return { sub: accountOf(who), tenant, roles: [...roles] }
}

const employees = [1, 2, 5, 6]
const customers = ['ALFKI', 'SAVEA']

/** Who may sign in, beside the rows of the dump. */
export const people: SeedData = {
  shared: {
    User: [...employees, ...customers].map((who) => ({
      id: accountOf(who),
      name: String(who),
      email: `${who}@northwind.example`.toLowerCase(),
    })),
    StaffAccount: employees.map((employee) => ({
      id: stableId('staff', String(employee)),
      user: accountOf(employee),
      employee,
    })),
    CustomerAccount: customers.map((customer) => ({
      id: stableId('buyer', customer),
      user: accountOf(customer),
      customer,
    })),
  },
  tenants: [{ id: tenant, slug: 'northwind', name: 'Northwind Traders', rows: {} }],
}
