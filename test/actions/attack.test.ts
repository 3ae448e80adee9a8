import { describe, expect, test } from 'vitest'
import { as, cakeId, useBakery } from './bakery.ts'

const bakery = useBakery()
const taste = async (role: string, how: string, id = cakeId(1)) => {
  const text = 'mutation ($input: TasteCakeInput!) { tasteCake(input: $input) { notes cake { name } } }'
  return await bakery().ask(as(role), text, { input: { id, how } })
}
const codeOf = ({ errors }: Awaited<ReturnType<typeof taste>>) => errors?.[0]?.extensions.code

describe('nobody does an action', () => {
  test('with a row that is hidden, of another tenant or not there: all are alike', async () => {
    const answers = await Promise.all([
      taste('seller', 'x', cakeId(2)),
      taste('baker', 'x', cakeId(1, 'south')),
      taste('baker', 'x', '00000000-0000-8000-9000-00000000dead'),
    ])
    expect(answers.map(({ errors }) => [errors[0]!.message, errors[0]!.extensions])).toEqual(
      answers.map(() => ['There is no such row.', { code: 'NOT_FOUND' }]),
    )
  })

  test('that no rule allows, by calling its function either', async () => {
    expect(codeOf(await taste('guest', 'x'))).toBe('FORBIDDEN')
    const { database, model } = bakery()
    const { rows } = await database.asOwner((client) =>
      client.query(`select proname, proacl::text from pg_proc where proname like 'begin\\_%\\_\\_%' order by 1`),
    )
    expect(rows.map(({ proname }) => proname)).toEqual([
      ...['begin_bake__dough', 'begin_bake_later__dough', 'begin_burn__dough'],
      ...['begin_duplicate__cake', 'begin_ice__cake', 'begin_pair__cake', 'begin_relabel__shelf', 'begin_sell__cake'],
      ...['begin_taste__cake', 'begin_weigh__cake'],
    ])
    for (const { proacl } of rows) expect(proacl).not.toMatch(/[{,]=/)
    expect(model.app).toBe(database.name)
  })
})

describe('the body of an action', () => {
  test('reads and writes what its caller may, and nothing else', async () => {
    expect((await taste('seller', `read Cake ${cakeId(2)}`)).data.tasteCake.notes).toEqual(['null'])
    expect((await taste('baker', `read Cake ${cakeId(1, 'south')}`)).data.tasteCake.notes).toEqual(['null'])
    expect(codeOf(await taste('seller', `update Cake ${cakeId(1)}`))).toBe('FORBIDDEN')
    expect(codeOf(await taste('seller', 'create Cheap'))).toBe('FORBIDDEN')
    expect(codeOf(await taste('baker', `update Cake ${cakeId(1, 'south')}`))).toBe('NOT_FOUND')
    expect(codeOf(await taste('seller', `act sell ${cakeId(3)}`))).toBe('FORBIDDEN')
  })

  test('that runs itself comes to an end', async () => {
    expect(codeOf(await taste('baker', 'again'))).toBe('LIMIT')
  })
})
