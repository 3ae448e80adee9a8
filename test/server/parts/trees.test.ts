import { expect, test } from 'vitest'
import { clerk, useWarehouse } from './warehouse.ts'

const house = useWarehouse()

const make = (name: string, parent: string | null = null) => house().make('folder', { name, parent_id: parent })
const put = (id: string, parent: string | null) =>
  house().one(`select rowhouse.update_row('app.folder', $1, $2)`, [
    JSON.stringify({ id }),
    JSON.stringify({ parent_id: parent }),
  ])

/** Folders that are above themselves. */
const circles = () =>
  house().see(`
    with recursive up as (
      select id, parent_id, 1 as depth from app.folder
      union all select up.id, f.parent_id, depth + 1 from up join app.folder f on f.id = up.parent_id where depth < 50
    ) select distinct id from up where id = parent_id`)

test('no row is below itself, by whatever way', async () => {
  const top = await make('top')
  const middle = await make('middle', top)
  const bottom = await make('bottom', middle)
  for (const below of [top, middle, bottom]) {
    await expect(put(top, below)).rejects.toMatchObject({ code: 'RH422', table: 'folder', column: 'parent_id' })
  }
  expect(await put(bottom, top)).toBe('updated')
  expect(await put(middle, bottom)).toBe('updated')
  expect(await put(middle, null)).toBe('updated')
  expect(await circles()).toEqual([])
})

test('one statement that would close a circle over two rows is refused', async () => {
  const [one, two] = [await make('one'), await make('two')]
  const both = `update app.folder set parent_id = case id when $1::uuid then $2::uuid else $1::uuid end where id in ($1, $2)`
  await expect(house().run(both, [one, two])).rejects.toMatchObject({ code: 'RH422' })
  // Nor can it be loaded, past the tenant's fence.
  await expect(house().see(both, [one, two])).rejects.toMatchObject({ code: '42501' })
})

test.each(['read committed', 'repeatable read', 'serializable'])(
  'two moves at once that would make a circle together: one is refused (%s)',
  async (level) => {
    for (let round = 0; round < 5; round++) {
      const [one, two] = [await make('one'), await make('two')]
      const deep = await make('deep', two)
      const move = (id: string, parent: string) =>
        house().database.asActor(clerk, async (client) => {
          // The level is settled before the first row is read.
          await client.query('rollback')
          await client.query(`begin isolation level ${level}`)
          await client.query(`set local role "${(await setOf()).role}"`)
          await client.query(
            `select set_config('rowhouse.tenant_id', $1, true), set_config('rowhouse.actor_id', $2, true)`,
            [clerk.tenant, clerk.actor],
          )
          await client.query('select count(*) from app.folder')
          await meet()
          await client.query('update app.folder set parent_id = $2 where id = $1', [id, parent])
        })
      const meet = meeting(2)
      const outcomes = await Promise.allSettled([move(one, deep), move(two, one)])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await circles()).toEqual([])
    }
  },
)

/** Resolves for everybody once so many have come. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let come = 0
  return () => {
    if (++come === count) resolve()
    return promise
  }
}

async function setOf(): Promise<{ readonly role: string }> {
  const [role] = await house().database.ensureRoleSets([['clerk']])
  return { role: role! }
}
