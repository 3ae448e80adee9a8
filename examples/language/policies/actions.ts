import { defineActions } from 'rowhouse/policies'
import { date, int } from 'rowhouse/schema'

// reference: defineActions
export const actions = defineActions({
  closeDay: {
    allow: 'chief',
    note: 'Counts the orders of a day.',
    input: { day: date() },
    output: { orders: int() },
    runs: 'scripts/close-day',
  },
})
