import { ago, ahead, date, datetime, int, string } from 'rowhouse/schema'

export const right = [
  date({ default: ahead({ days: 1, weeks: 2 }) }),
  datetime({ optional: true, default: ago({ minutes: 5 }) }),
  string({ default: { random: 8 } }),
]

// @ts-expect-error misspelt unit
export const a = date({ default: ahead({ dayz: 1 }) })
// @ts-expect-error no moment
export const b = int({ default: ahead({ days: 1 }) })
// @ts-expect-error a number is wanted
export const c = string({ default: { random: '8' } })
// @ts-expect-error misspelt word
export const d = string({ default: { randm: 8 } })
