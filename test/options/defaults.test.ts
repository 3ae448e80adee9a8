import { expect, test } from 'vitest'
import { type Mistake, testMistakes } from '../schema/mistakes.ts'
import { entitiesOnly } from '../schema/written-app.ts'
import { ann, globex, useWrittenServer } from './written-server.ts'

const schema = `import { ago, ahead, date, datetime, entity, string } from 'rowhouse/schema'
export const Offer = entity('Offer', {
  fields: {
    name: string(), until: date({ default: ahead({ days: 14, months: 1 }) }), since: date({ default: ago({ years: 1, weeks: 1 }) }),
    closes: datetime({ default: ahead({ hours: 2, days: 1 }) }), seen: datetime({ default: ago({ minutes: 90 }) }),
    code: string({ unique: true, default: { random: 12 } }),
  },
})`

// Writers may name an offer and nothing else.
const app = useWrittenServer(
  {
    'schema/all.entity.ts': schema,
    'policies/all.ts': `import { Offer } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'All.', writer: 'Names.' })
export const P = policy(Offer, {
  'all': { allow: 'admin', to: anything },
  'names': { allow: 'writer', to: 'create', only: ['name'] }, 'seen': { allow: 'writer', to: 'read' },
})`,
  },
  ['admin', 'writer'],
)

const create = `mutation ($offer: OfferInput!) { createOffer(input: { offer: $offer }) {
  offer { until since closes seen code createdAt }
} }`

test('moments are counted from the change on, in UTC, and may be given', async () => {
  const { data, errors } = await app().ask(create, { offer: { name: 'a' } })
  expect(errors).toEqual([])
  const { offer } = data.createOffer
  const made = new Date(offer.createdAt)
  const hours = (text: string) => (new Date(text).getTime() - made.getTime()) / 3_600_000
  expect([hours(offer.closes), hours(offer.seen)].map((each) => Math.round(each * 1e5) / 1e5)).toEqual([26, -1.5])
  const { rows } = await app().database.migrator.query(
    `select ($1::date + interval '1 month 14 days')::date::text as until, ($1::date - interval '1 year 7 days')::date::text as since`,
    [offer.createdAt.slice(0, 10)],
  )
  expect({ until: offer.until, since: offer.since }).toEqual(rows[0])
  const given = await app().ask(create, { offer: { name: 'b', until: '2030-01-01' } })
  expect(given.data.createOffer.offer.until).toBe('2030-01-01')
})

test('random texts are new for each row, of letters that are told apart', async () => {
  const codes = new Set<string>()
  for (let at = 0; at < 20; at++)
    codes.add((await app().ask(create, { offer: { name: `n${at}` } })).data.createOffer.offer.code)
  expect(codes.size).toBe(20)
  for (const code of codes) expect(code).toMatch(/^[0-9abcdefghjkmnpqrstvwxyz]{12}$/)
  const { rows } = await app().database.asActor({ roles: ['writer'] }, (client) =>
    client.query(`select rowhouse.random_text(20000) as text`),
  )
  const counts = Map.groupBy(rows[0].text as string, (letter) => letter)
  expect(counts.size).toBe(32)
  // 625 each; six standard deviations of a fair draw are 148.
  for (const [letter, all] of counts) expect(Math.abs(all.length - 625), letter).toBeLessThan(148)
})

test('whoever may not write a field gets its default, and cannot choose another', async () => {
  const writer = { roles: ['writer'], sub: ann }
  const made = await app().ask(create, { offer: { name: 'w' } }, writer)
  expect(made.errors).toEqual([])
  expect(made.data.createOffer.offer.code).toHaveLength(12)
  for (const offer of [{ code: 'chosen000000' }, { until: '2030-01-01' }, { closes: '2030-01-01T00:00:00Z' }]) {
    const { errors } = await app().ask(create, { offer: { name: 'w', ...offer } }, writer)
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
  }
  const { data } = await app().ask('{ offers { totalCount } }', {}, { tenant: globex })
  expect(data.offers.totalCount).toBe(0)
})

const words = "import { ago, ahead, date, datetime, email, entity, int, slug, string } from 'rowhouse/schema'\n"
const of = (fields: string): string => `${words}export const A = entity('A', { fields: { ${fields} } })`
const wrong = (text: string, fields: string): Mistake => [fields, [['FIELD_DEFAULT_INVALID', text]], of(fields)]

testMistakes('defaults', entitiesOnly, [
  wrong('ahead({ days: 1 })', 'n: int({ default: ahead({ days: 1 }) })'),
  wrong('ahead({ hours: 5 })', 'd: date({ default: ahead({ hours: 5 }) })'),
  wrong('ago({})', 'd: datetime({ default: ago({}) })'),
  wrong('ahead({ dayz: 1 })', 'd: datetime({ default: ahead({ dayz: 1 }) })'),
  wrong('ahead({ days: -1 })', 'd: datetime({ default: ahead({ days: -1 }) })'),
  wrong('ahead({ years: 10001 })', 'd: datetime({ default: ahead({ years: 10001 }) })'),
  wrong('2', 's: string({ default: { random: 2 } })'),
  wrong('12', 's: string({ max: 8, default: { random: 12 } })'),
  wrong('12', 's: email({ default: { random: 12 } })'),
  wrong('12', "s: string({ matches: '[a-z]+', default: { random: 12 } })"),
  ['a misspelt word', [['OPTION_UNKNOWN', 'randm']], of('s: string({ default: { randm: 12 } })')],
])
