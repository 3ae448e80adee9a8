import { beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import type { Rule } from '#schema'
import { useDatabase } from '../support/database.ts'
import { allow, int, makeModel, optional, text } from '../support/model.ts'

const acme = '00000000-0000-7000-8000-00000000000a'
const row = '00000000-0000-7000-8000-000000000001'
const reserve = (title: string, role: string, fields: readonly string[], verbs: readonly string[]): Rule => ({
  ...allow(title, role, verbs),
  effect: 'reserve',
  fields,
})

const noMargin = { name: 'margin', to: { kind: 'value', value: 0 } } as const

const model = makeModel({
  entities: {
    Deal: { fields: { number: text(), margin: int(), bonus: int(), note: optional(text()), plan: optional(int()) } },
  },
  roles: { sales: [], lead: [] },
  policies: {
    Deal: [
      allow('all is seen', 'lead', ['read', 'update']),
      allow('some is seen', 'sales', ['read'], { fields: ['number', 'note', 'plan'] }),
      allow('margins are guessed', 'sales', ['update'], { fields: ['margin'] }),
      allow('bonuses are guessed', 'sales', ['update'], { fields: ['bonus'] }),
      allow('notes are written', 'sales', ['update'], { fields: ['note', 'plan'] }),
      { ...allow('a new number takes the margin away', 'sales', ['update'], { fields: ['number'] }), sets: [noMargin] },
      reserve('plans are for leads', 'lead', ['plan'], ['update']),
    ],
  },
})

const db = useDatabase({ roles: ['sales', 'lead'] })
beforeAll(async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().ensureRoleSets([['sales'], ['lead'], ['sales', 'lead']])
  await db().asOwner(async (client) => {
    await client.query(`insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme')`)
    await client.query('alter table app.deal no force row level security')
    await client.query(
      `insert into app.deal (tenant_id, id, number, margin, bonus, note) values ('${acme}', '${row}', 'A', 10, 3, 'n')`,
    )
    await client.query('alter table app.deal force row level security')
  })
})

/** What a change by SQL comes to, undone at once. */
async function change(roles: readonly string[], changes: object): Promise<string> {
  return await db().asActor({ roles, tenant: acme, actor: null }, async (client) => {
    await client.query('savepoint s')
    const text = 'select rowhouse.update_row($1::text::regclass, $2::jsonb, $3::jsonb) as answer'
    const values = ['app.deal__rows', JSON.stringify({ id: row }), JSON.stringify(changes)]
    const answer = await client.query(text, values).then(
      ({ rows }) => String(rows[0].answer),
      ({ code, message, detail, column }) => JSON.stringify({ code, message, detail, column }),
    )
    await client.query('rollback to savepoint s')
    return answer
  })
}

describe('naming a hidden field is changing it', () => {
  test('one rule covers each field that is named', async () => {
    expect(await change(['sales'], { margin: 11 })).toBe('updated')
    expect(await change(['sales'], { bonus: 4 })).toBe('updated')
    expect(await change(['lead'], { margin: 11, bonus: 4, note: 'x' })).toBe('updated')
  })

  test.each([
    ['both', { margin: 10, bonus: 3 }, { margin: 11, bonus: 4 }],
    ['one of both', { margin: 10, bonus: 4 }, { margin: 11, bonus: 3 }],
    ['with what may be changed', { margin: 10, note: 'x' }, { margin: 11, note: 'x' }],
  ])('a guess of %s answers as any other', async (_, right, wrong) => {
    const answer = await change(['sales'], right)
    expect(answer).toContain('42501')
    expect(await change(['sales'], wrong)).toBe(answer)
  })

  test('nor is a guess beside a rule that gives the field itself', async () => {
    expect(await change(['sales'], { number: 'B' })).toBe('updated')
    const answer = await change(['sales'], { number: 'B', margin: 10 })
    expect(answer).toContain('42501')
    expect(await change(['sales'], { number: 'B', margin: 11 })).toBe(answer)
  })

  test('a reserved field is refused by its name, a note beside it or not', async () => {
    const refused = { code: '42501', message: 'the field is reserved', detail: 'plans are for leads', column: 'plan' }
    expect(JSON.parse(await change(['sales'], { plan: 1 }))).toEqual(refused)
    expect(JSON.parse(await change(['sales'], { plan: null, note: 'x' }))).toEqual(refused)
    expect(await change(['sales', 'lead'], { plan: 1 })).toBe('updated')
    expect(await change(['sales'], { note: 'x' })).toBe('updated')
  })

  test('what one row names, another does not', async () => {
    const answers = await db().asActor({ roles: ['sales'], tenant: acme, actor: null }, async (client) => {
      await client.query(`select set_config('rowhouse.named', 'margin', true)`)
      return await client.query(`update app.deal__rows set note = 'x' where id = '${row}'`).then(
        () => 'updated',
        ({ code }) => code,
      )
    })
    // Who says by itself that it names a field only refuses itself.
    expect(answers).toBe('42501')
    expect(await change(['sales'], { margin: 12 })).toBe('updated')
    expect(await change(['sales'], { note: 'y' })).toBe('updated')
  })
})
