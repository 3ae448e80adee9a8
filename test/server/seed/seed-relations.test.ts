import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import type { SeedData } from '../../../server/seed/define-seed.ts'
import { checkSeed } from '../../../server/seed/plan-seed.ts'
import { runSeed } from '../../../server/seed/run-seed.ts'
import { modelOf } from '../../schema/written-app.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase()
const tenant = '00000000-0000-7000-8000-00000000000a'
const id = (n: number) => `00000000-0000-7000-8000-00000000100${n}`

const app = {
  'schema/all.entity.ts': `
export const Tag = entity('Tag', { fields: { name: string() } })
export const Order = entity('Order', { fields: { number: string() }, relations: { tags: many('Tag', { link: true }) } })
export const Note = entity('Note', { fields: { text: string() }, relations: { subject: oneOf(['Tag', 'Order']) } })`,
  'policies/all.ts': `
import { Note, Order, Tag } from '../schema/all.entity.ts'
export const roles = defineRoles({ clerk: 'Works.' })
export const TagPolicy = policy(Tag, { 'all': { allow: 'clerk', to: anything } })
export const OrderPolicy = policy(Order, { 'all': { allow: 'clerk', to: anything } })
export const NotePolicy = policy(Note, { 'all': { allow: 'clerk', to: anything } })`,
}

function seedOf(rows: SeedData['tenants'][number]['rows']): SeedData {
  return { tenants: [{ id: tenant, slug: 'acme', name: 'Acme', rows }] }
}

test('a list of ids becomes links, and a target by its entity a key; again they stay as they are', async () => {
  const model = await modelOf(app)
  await db().applyCatalog(buildCatalog(model))
  const data = seedOf({
    Order: [
      { id: id(1), number: 'A1', tags: [id(3), id(4), id(3)] },
      { id: id(2), number: 'A2', tags: [] },
    ],
    Tag: [
      { id: id(3), name: 'red' },
      { id: id(4), name: 'blue' },
    ],
    Note: [
      { id: id(5), text: 'a', subject: { Order: id(1) } },
      { id: id(6), text: 'b', subject: { Tag: id(3) } },
    ],
  })
  const seed = (again: boolean) => runSeed(model, data, { client: db().migrator, owner: db().names.owner, again })
  expect(await seed(false)).toMatchObject({ kind: 'seeded', rows: 8 })
  // Somebody took a link away and made it anew, under another id.
  await db().asOwner(async (client) => {
    await client.query(`with gone as (delete from app.order__tag__link where tag_id = '${id(3)}' returning *)
      insert into app.order__tag__link (tenant_id, order_id, tag_id) select tenant_id, order_id, tag_id from gone`)
  })
  expect(await seed(true)).toMatchObject({ kind: 'seeded' })
  await db().asOwner(async (client) => {
    const links = await client.query('select order_id, tag_id from app.order__tag__link order by tag_id')
    expect(links.rows).toEqual([
      { order_id: id(1), tag_id: id(3) },
      { order_id: id(1), tag_id: id(4) },
    ])
    const notes = await client.query('select subject_order_id, subject_tag_id from app.note order by text')
    expect(notes.rows).toEqual([
      { subject_order_id: id(1), subject_tag_id: null },
      { subject_order_id: null, subject_tag_id: id(3) },
    ])
  })
})

test('what is no list of ids and no target is told, all at once', async () => {
  const model = await modelOf(app)
  const data = seedOf({
    Order: [{ id: id(1), number: 'A1', tags: id(3) }],
    Note: [
      { id: id(5), text: 'a', subject: id(1) },
      { id: id(6), text: 'b', subject: { Order: id(1), Tag: id(3) } },
      { id: id(7), text: 'b', subject: { Person: id(1) } },
    ],
  })
  expect(() => checkSeed(model, data)).toThrow(
    /"Order" has no "tags"[\s\S]*"subject" of "Note" is written as { Tag: id }/,
  )
})
