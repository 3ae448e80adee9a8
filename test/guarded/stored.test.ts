import { describe, expect, test } from 'vitest'
import { useMargins } from './margins.ts'

const app = useMargins()

/** `profit` follows from `margin`, which clerks do not see and sales people see of their own deals; both are columns. */
describe('a stored formula is hidden with what it is made of', () => {
  test('through the view that callers read', async () => {
    const seen = async (role: string) =>
      (await app().query([role], 'select number, profit, doubled from app.deal__shown order by number')).rows
    expect(await seen('clerk')).toEqual([
      { number: 'A', profit: null, doubled: 400 },
      { number: 'B', profit: null, doubled: 600 },
      { number: 'C', profit: null, doubled: 800 },
      { number: 'S', profit: null, doubled: 200 },
    ])
    expect(await seen('sales')).toMatchObject([
      { profit: null },
      { profit: null },
      { profit: null },
      { profit: '20.00' },
    ])
    expect(await seen('manager')).toMatchObject([{ profit: '40.00' }, {}, {}, {}])
  })

  test.each(['deal__rows', 'deal__face_0'])('not by itself in %s', async (face) => {
    await expect(app().query(['clerk'], `select profit from app.${face}`)).rejects.toMatchObject({ code: '42501' })
    await expect(app().query(['clerk'], `select 1 from app.${face} where profit > 0`)).rejects.toMatchObject({
      code: '42501',
    })
  })

  test('in the table itself there is no row for who does not see all of it', async () => {
    expect((await app().query(['clerk'], 'select profit from app.deal')).rows).toEqual([])
  })

  test('values follow what is written through a face', async () => {
    await app().query(['manager'], `update app.deal__rows set margin = 33 where number = 'B'`)
    const { rows } = await app().query(['manager'], `select profit from app.deal__shown where number = 'B'`)
    expect(rows).toEqual([{ profit: '66.00' }])
  })
})
