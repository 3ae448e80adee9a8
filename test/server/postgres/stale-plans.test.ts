import { expect, test } from 'vitest'
import { isPoison, isStalePlan } from '../../../server/postgres/connection-errors.ts'
import { useShop } from '../shop.ts'

const shop = useShop()

/** What Postgres says of a statement. */
const errorOf = (text: string) =>
  shop()
    .database.asOwner((owner) => owner.query(text))
    .then(
      () => null,
      (error: unknown) => error as { readonly code?: string },
    )

test('a column of another type than the statement was planned for is a stale plan', async () => {
  expect(isStalePlan(await errorOf(`update app."order" set serial = date '2020-01-01'`))).toBe(true)
})

test.each([
  'select 1 where text $$a$$',
  'select case when true then 1 else text $$a$$ end',
  'select 1 union select text $$a$$',
  `do $$ begin update app."order" set serial = date '2020-01-01'; end $$`,
])('a statement that is wrong by itself is not: %s', async (text) => {
  const error = await errorOf(text)
  expect(error?.code).toBe('42804')
  expect([isStalePlan(error), isPoison(error)]).toEqual([false, false])
})
