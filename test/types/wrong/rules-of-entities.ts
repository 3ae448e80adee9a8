import { date, datetime, entity, int, one, row, string } from 'rowhouse/schema'

const fields = { n: int(), m: int({ optional: true }), name: string(), on: date(), at: datetime() }
const relations = { owner: one('User', { optional: true }) }

export const A = entity('A', {
  fields,
  relations,
  rules: {
    right: { n: { atLeast: row('m'), in: [1, 2] }, at: { over: row('createdAt') }, owner: null },
    'right too': { atLeastOne: ['m', 'owner'], not: { name: { startsWith: 'x' } }, m: row('n') },
    // @ts-expect-error unknown field
    a: { n: { atLeast: row('k') } },
    // @ts-expect-error another type
    b: { n: { atLeast: row('name') } },
    // @ts-expect-error a day is no instant
    c: { on: { atLeast: row('at') } },
    // @ts-expect-error unknown field
    d: { k: 1 },
    // @ts-expect-error unknown comparison
    e: { n: { equals: 1 } },
    // @ts-expect-error unknown field
    f: { together: ['m', 'k'] },
    // @ts-expect-error another row
    g: { owner: { name: 'x' } },
    // @ts-expect-error misspelt word
    h: { exactlyOn: ['m', 'owner'] },
    // @ts-expect-error nothing is more than null
    i: { n: { over: null } },
  },
})
