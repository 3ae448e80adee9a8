import { expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { modelOf } from '../../schema/written-app.ts'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase({ migrator: 'plain' })

const app = {
  'schema/all.entity.ts': `
export const Person = entity('Person', { tenant: false, fields: { name: string() }, relations: { friends: many('Person', { link: true }) } })
export const Tag = entity('Tag', { fields: { name: string() }, relations: { orders: many('Order', { by: 'tags' }) } })
export const Order = entity('Order', {
  fields: { open: boolean() },
  relations: { tags: many('Tag', { link: true }), watchers: many('Person', { link: true, linkTable: 'order_watcher' }) },
})
export const Note = entity('Note', { fields: {}, relations: {
  subject: oneOf(['Tag', 'Order']), about: oneOf(['Order', 'Note'], { optional: true, onDelete: 'setNull' }),
} })`,
  'policies/all.ts': `
import { Note, Order, Person, Tag } from '../schema/all.entity.ts'
export const roles = defineRoles({ clerk: 'Works.', guest: 'Looks.' })
export const PersonPolicy = policy(Person, { 'seen': { allow: signedIn, to: 'read' } })
export const TagPolicy = policy(Tag, { 'seen': { allow: 'guest', to: 'read' } })
export const OrderPolicy = policy(Order, {
  'open ones': { allow: 'clerk', to: ['read', 'update'], where: { open: true } },
  'no longer': { deny: everyone, to: 'update', where: { open: false }, because: 'It is "closed"; that\\'s it.' },
})
export const NotePolicy = policy(Note, { 'all': { allow: 'clerk', to: anything } })`,
}

/** Each is something that somebody may have changed by hand, and what the comparison says. */
const tamperings: readonly (readonly [statement: string, found: RegExp])[] = [
  ['drop policy link on app.order__tag__link', /link/],
  ['alter policy link on app.order__tag__link using (true)', /link/],
  ['grant insert on app.order__tag__link to ":ROLE_CLERK"', /insert/],
  ['revoke delete on app.order__tag__link from ":PRIVATE"', /delete/],
  ['alter table app.note drop constraint note_subject_check', /note_subject_check/],
  ['drop index app.order__tag__link_order_tag_key', /order__tag__link_order_tag_key/],
  ['drop function rowhouse_private.add_order__tag__link(uuid, uuid[])', /add_order__tag__link/],
  [
    'grant execute on function rowhouse_private.drop_order__tag__link(uuid, uuid[]) to ":ROLE_GUEST"',
    /drop_order__tag__link/,
  ],
]

test('links and relations to one of several are read back as they were made, and changes of them are found', async () => {
  const catalog = buildCatalog(await modelOf(app))
  expect(catalog.functions.map(({ name }) => name)).toContain('add_order_watcher')
  // Nobody may update a person, so nobody links one.
  expect(catalog.functions.map(({ name }) => name)).not.toContain('add_person__person__link')
  const client = db().migrator
  const { differencesHere } = await expectCatalogReadBack(db(), catalog)
  for (const [statement, found] of tamperings) {
    await client.query('begin')
    const names = {
      ':ROLE_CLERK': `${db().names.prefix}_clerk`,
      ':ROLE_GUEST': `${db().names.prefix}_guest`,
      ':PRIVATE': db().names.private,
    }
    const text = statement.replace(/:[A-Z_]+/, (word) => names[word as keyof typeof names])
    await client.query(`set local role "${/function/.test(text) ? db().names.private : db().names.owner}"`)
    await client.query(text)
    await client.query('reset role')
    const told = await differencesHere(client)
    await client.query('rollback')
    expect(told.join('\n'), statement).toMatch(found)
  }
})
