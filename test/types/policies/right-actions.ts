import { appAction } from 'rowhouse/actions'
import { defineActions, everyone, signedIn } from 'rowhouse/policies'
import { choice, int, list, money, string } from 'rowhouse/schema'

export const actions = defineActions({
  closeMonth: {
    allow: ['admin', 'lead'],
    note: 'Closes a month.',
    input: { month: string({ max: 7 }), how: choice(['plain', 'checked'], { optional: true }), words: list(string()) },
    output: { sum: money({ currency: 'EUR' }) },
    runs: 'scripts/close-month',
  },
  greet: { allow: everyone, runs: 'scripts/greet' },
  remind: { allow: signedIn, input: { days: int({ default: 3 }) }, runs: 'workers/remind' },
})

export const closeMonth = appAction(actions, 'closeMonth', async ({ db, input, note }) => {
  const month: string = input.month
  const how: 'plain' | 'checked' | null = input.how
  const words: readonly string[] = input.words
  note(`${month} ${how} ${words.join()}`)
  await db.act('remind', { days: 4 })
  await db.act('Order', 'approve', month)
})

export const greet = appAction(actions, 'greet', ({ actor }) => ({ told: actor.id }))
