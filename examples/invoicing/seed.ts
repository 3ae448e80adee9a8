import { defineSeed } from 'rowhouse'
import { instant } from './seed/calendar.ts'
import { makeTenant } from './seed/make-tenant.ts'
import { plans, type UserName, userId, users } from './seed/tenants.ts'

const start = instant(0, 6 * 60)

/** Two tenants that never meet, sixty customers, two thousand orders; `--scale 100` makes two hundred thousand. */
export const seed = defineSeed(({ scale }) => ({
  shared: {
    User: Object.entries(users).map(([name, user]) => ({
      id: userId(name as UserName),
      ...user,
      createdAt: start,
      updatedAt: start,
    })),
  },
  tenants: plans.map((plan) => makeTenant(plan, scale)),
}))
