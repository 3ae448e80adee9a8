import type { Values } from './surface.ts'
import { acme, globex, hidden, seen } from './worlds.ts'

/** There is no row of this id. */
export const absent = '00000000-0000-7000-8000-00000000dead'
const kinds = ['Site', 'RateStep', 'Rate', 'Label', 'Deal', 'Item', 'Note', 'Pass'] as const
const idsOf = (kind: (typeof kinds)[number]) => [
  seen[kind][1],
  hidden[kind][0],
  ...(kind === 'Deal' ? [hidden.Deal[1], absent] : []),
]
const named: Readonly<Record<string, readonly unknown[]>> = {
  ...{
    code: ['AA', 'CC', 'XX'],
    aisle: ['A', 'B', 'C'],
    at: [1],
    revision: [1],
    first: [2],
    offset: [1],
    open: [true],
  },
  ...{
    siteId: idsOf('Site'),
    rateId: [seen.Rate[0], hidden.Rate[0]],
    dealId: idsOf('Deal'),
    labelIds: [seen.Label[1], ...hidden.Label, absent],
  },
  ...{
    verb: ['read', 'update'],
    entity: ['Deal', 'Site'],
    ids: [seen.Deal[1], hidden.Deal[0], hidden.Deal[1], seen.Site[0], absent],
  },
  ...{ countryId: ['AA'], firmId: [acme], nodeId: nodeIds() },
}

/** Values that are hidden in one world or the other, in each type, and ids of rows that are seen, hidden or nowhere. */
export const valuesToGive: Values = {
  named: (name, of) => {
    if (name !== 'id') return named[name] ?? null
    if (/Firm/.test(of)) return [acme, globex]
    const kind = kinds.find((each) => of.includes(each))
    return kind === undefined ? null : idsOf(kind)
  },
  byType: {
    Int: [5, 70],
    BigInt: ['5', '70'],
    BigFloat: ['5.00', '70.00'],
    String: ['calm', 'loud'],
    Boolean: [true, false],
    Datetime: ['2031-01-01T00:00:00Z'],
    Date: ['2031-01-01', '2031-01-05'],
    UUID: [seen.Site[0]],
    JSON: [{ a: 1 }],
    Cursor: [],
  },
}

function nodeIds(): readonly string[] {
  return kinds.flatMap((kind) =>
    [seen[kind][0], ...hidden[kind]].map((id) => Buffer.from(JSON.stringify([kind, id])).toString('base64')),
  )
}
