import { join } from 'node:path'
import { beforeAll } from 'vitest'
import type { SeedData } from '#server'
import { type AppServer, useAppServer } from '../../support/app-server.ts'

const id = (end: string): string => `00000000-0000-7000-8000-0000000${end.padStart(5, '0')}`

export const [acme, globex] = [id('a'), id('b')]
/** Sam is a reader, Kit a knower. */
export const [sam, kit] = [id('a1'), id('a2')]
/** Rows that Sam sees; the first deal is his own. */
export const seen = {
  Site: [id('101'), id('102')],
  Rate: [id('111'), id('112')],
  RateStep: [id('121'), id('122')],
  Label: [id('131'), id('132')],
  Deal: [id('141'), id('142'), id('143')],
  Item: [id('151'), id('152')],
  Note: [id('161'), id('162')],
  Pass: [id('171'), id('172')],
} as const
/** Rows that he does not, in the same order: closed ones of his tenant, then those of another. */
export const hidden = {
  Site: [id('201'), id('301')],
  Rate: [id('211'), id('311')],
  RateStep: [id('221'), id('321')],
  Label: [id('231'), id('331')],
  Deal: [id('241'), id('341')],
  Item: [id('251'), id('351')],
  Note: [id('261'), id('361')],
  Pass: [id('271'), id('371')],
} as const

const deal = (key: string, number: string, given: object) => ({
  ...{
    id: key,
    number,
    open: true,
    price: 10,
    margin: '5.00',
    memo: 'calm',
    grade: 'gold',
    due: '2031-01-01T00:00:00Z',
  },
  ...{ marks: ['a'], stock: { a: 1 }, stay: { from: '2031-01-01', to: '2031-01-05' }, spot: { street: 'Elm' } },
  ...{ terms: { days: 5, place: 'Bonn' }, firm: acme, site: seen.Site[0], rate: seen.Rate[0], country: 'AA' },
  ...{ broker: seen.Site[0], placedBy: kit, labels: [seen.Label[0]] },
  ...given,
})

const seed: SeedData = {
  shared: {
    User: [
      { id: sam, name: 'Sam' },
      { id: kit, name: 'Kit' },
    ],
    Country: [
      { code: 'AA', open: true, risk: 5 },
      { code: 'BB', open: true, risk: null },
      { code: 'CC', open: false, risk: 70 },
    ],
    Rate: [{ id: seen.Rate[0], name: 'Ours', open: true, cost: '5.00' }],
    RateStep: [{ id: seen.RateStep[0], text: 'ours', open: true, price: 5, rate: seen.Rate[0] }],
  },
  tenants: [
    {
      ...{ id: acme, slug: 'acme', name: 'Acme' },
      rows: {
        Firm: [{ name: 'Acme', quota: 5 }],
        Rate: [
          { id: seen.Rate[1], name: 'Own', open: true, cost: '70.00' },
          { id: hidden.Rate[0], name: 'Closed', open: false, cost: '9.00' },
        ],
        RateStep: [
          { id: seen.RateStep[1], text: 'own', open: true, price: 70, rate: seen.Rate[1] },
          { id: hidden.RateStep[0], text: 'closed', open: false, price: 9, rate: seen.Rate[1] },
        ],
        Site: [
          { id: seen.Site[0], name: 'Top', open: true, rent: 5 },
          { id: seen.Site[1], name: 'Mid', open: true, rent: null, above: seen.Site[0] },
          { id: hidden.Site[0], name: 'Shut', open: false, rent: 9, above: seen.Site[0] },
        ],
        Slot: [
          { aisle: 'A', at: 1, open: true, load: 5 },
          { aisle: 'A', at: 2, open: true, load: 70 },
          { aisle: 'B', at: 1, open: false, load: 9 },
        ],
        Label: [
          { id: seen.Label[0], name: 'One', open: true, weight: 5 },
          { id: seen.Label[1], name: 'Two', open: true, weight: 70 },
          { id: hidden.Label[0], name: 'Three', open: false, weight: 9 },
        ],
        Deal: [
          deal(seen.Deal[0], 'A', { placedBy: sam }),
          deal(seen.Deal[1], 'B', {
            ...{ margin: '70.00', memo: 'loud', grade: 'iron', due: null, marks: ['b', 'c'], stock: {}, stay: null },
            ...{ spot: null, terms: { days: 70, place: 'Rome' }, broker: null, rate: seen.Rate[1], site: seen.Site[1] },
            labels: [seen.Label[0], seen.Label[1], hidden.Label[0]],
          }),
          deal(seen.Deal[2], 'C', { memo: null, grade: null, country: 'BB' }),
          deal(hidden.Deal[0], 'H', { open: false, price: 900, margin: '9.00', labels: [hidden.Label[0]] }),
        ],
        Item: [
          { id: seen.Item[0], text: 'one', open: true, cost: 5, deal: seen.Deal[0] },
          { id: seen.Item[1], text: 'two', open: true, cost: 70, deal: seen.Deal[1] },
          { id: hidden.Item[0], text: 'shut', open: false, cost: 9, deal: hidden.Deal[0] },
        ],
        Note: [
          { id: seen.Note[0], text: 'one', open: true, tone: 'calm', deal: seen.Deal[0] },
          { id: seen.Note[1], text: 'two', open: true, tone: null, deal: seen.Deal[1] },
          // On a deal that no change takes away: that it stands in the way of that is told (SECURITY.md).
          { id: hidden.Note[0], text: 'shut', open: false, tone: 'loud', deal: seen.Deal[2] },
        ],
        Pass: [
          { id: seen.Pass[0], open: true, pin: 'calm', deal: seen.Deal[0] },
          { id: seen.Pass[1], open: true, until: '2031-01-01T00:00:00Z', pin: 'loud', deal: seen.Deal[1] },
          { id: hidden.Pass[0], open: false, pin: 'shut', deal: hidden.Deal[0] },
        ],
      },
    },
    {
      ...{ id: globex, slug: 'globex', name: 'Globex' },
      rows: {
        Firm: [{ name: 'Globex', quota: 9 }],
        Rate: [{ id: hidden.Rate[1], name: 'Far', open: true, cost: '9.00' }],
        RateStep: [{ id: hidden.RateStep[1], text: 'far', open: true, price: 9, rate: hidden.Rate[1] }],
        Site: [{ id: hidden.Site[1], name: 'Far', open: true, rent: 9 }],
        Label: [{ id: hidden.Label[1], name: 'Far', open: true, weight: 9 }],
        Deal: [
          deal(hidden.Deal[1], 'A', { firm: globex, site: hidden.Site[1], broker: null, labels: [hidden.Label[1]] }),
        ],
        Item: [{ id: hidden.Item[1], text: 'far', open: true, cost: 9, deal: hidden.Deal[1] }],
        Note: [{ id: hidden.Note[1], text: 'far', open: true, tone: 'loud', deal: hidden.Deal[1] }],
        Pass: [{ id: hidden.Pass[1], open: true, pin: 'far', deal: hidden.Deal[1] }],
      },
    },
  ],
}

/** Two databases with the same app and the same rows. */
export interface Worlds {
  readonly one: AppServer
  readonly other: AppServer
}

/** Makes the two for the test file that calls this at its top. */
export function useWorlds(): () => Worlds {
  const folder = join(import.meta.dirname, 'app')
  const one = useAppServer(folder, seed)
  const other = useAppServer(folder, seed)
  beforeAll(async () => {
    for (const world of [one(), other()]) await world.database.ensureRoleSets([['reader'], ['knower']])
  })
  return () => ({ one: one(), other: other() })
}

/** Values that hide: the order of rows turns round, nulls become values and the other way, what was equal differs. */
const values: readonly string[] = [
  `update app.firm set quota = 9`,
  `update app.country set risk = case code when 'AA' then null else 70 end where open`,
  `update app.rate set cost = case name when 'Ours' then 70 else 5 end where open`,
  `update app.rate_step set price = case text when 'ours' then 70 else 5 end where open`,
  `update app.pass set pin = reverse(pin) where open`,
  `update app.label set weight = case name when 'One' then 70 else 5 end where open`,
  `update app.site set rent = case name when 'Top' then null else 70 end where open`,
  `update app.slot set load = 75 - load where open`,
  `update app.item set cost = 75 - cost where open`,
  `update app.note set tone = case when tone is null then 'loud' end where open`,
  `update app.deal set margin = case number when 'B' then 5 else 70 end where placed_by_id = '${kit}'`,
  `update app.deal set memo = case when memo is null then 'calm' end, grade = case number when 'A' then null when 'B' then 'gold' else 'iron' end,
    due = case when due is null then timestamptz '2031-01-01Z' end, marks = case number when 'A' then '{b,c}'::text[] else '{}'::text[] end,
    stock = case number when 'A' then '{}'::jsonb else '{"a": 7}'::jsonb end, stay = case when stay is null then daterange('2031-01-01', '2031-01-05') end,
    spot = case when spot is null then '{"street": "Oak"}'::jsonb end, terms_days = 75 - terms_days, terms_place = reverse(terms_place),
    broker_id = case when broker_id is null then '${seen.Site[0]}'::uuid end where open and tenant_id = '${acme}'`,
]

/** Rows that are hidden: others, fewer and more. */
const rows: readonly string[] = [
  `update app.country set risk = 1 where not open`,
  `insert into app.country (code, open, risk) values ('DD', false, 5)`,
  `delete from app.pass where not open or tenant_id = '${globex}'`,
  `delete from app.item where not open`,
  `delete from app.note where not open`,
  `delete from app.deal__label__link where label_id = '${hidden.Label[0]}'`,
  `update app.deal set price = 1, margin = 1, memo = 'calm', site_id = '${seen.Site[1]}', country_id = 'BB' where not open`,
  `update app.label set weight = 1, name = 'Another' where not open`,
  `update app.site set rent = 1, name = 'Another', above_id = null where not open`,
  `update app.slot set load = 1, aisle = 'C' where not open`,
  `update app.rate set cost = 1, name = 'Another' where not open`,
  `delete from app.rate_step where not open`,
  `update app.deal set price = 1, margin = 1 where tenant_id = '${globex}'`,
  `insert into app.label (tenant_id, name, open, weight) select '${acme}', 'N' || n, false, n from generate_series(1, 5) n`,
  `insert into app.label (tenant_id, name, open, weight) select '${globex}', 'N' || n, true, n from generate_series(1, 5) n`,
  `insert into app.site (tenant_id, name, open, rent, above_id) select '${acme}', 'N' || n, false, n, '${seen.Site[0]}' from generate_series(1, 3) n`,
]

/**
 * Changes all that Sam may not see and nothing that he may. Triggers rest meanwhile: `updatedAt` and histories are no secret.
 */
export async function changeWhatIsHidden({ database }: AppServer): Promise<void> {
  await database.asOwner(async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r'`,
    )
    for (const { name } of tables) await client.query(`alter table ${name} disable trigger user`)
    for (const statement of [...values, ...rows]) await client.query(statement)
    for (const { name } of tables) await client.query(`alter table ${name} enable trigger user`)
  })
}
