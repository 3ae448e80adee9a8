import { describe, expect, test } from 'vitest'
import { printSdl } from '../../../server/graphql/print-sdl.ts'
import { useWrittenServer, type Who } from './support-links.ts'

const acme = '00000000-0000-7000-8000-00000000000a'
const globex = '00000000-0000-7000-8000-00000000000b'
const id = (kind: number, n: number) => `00000000-0000-7000-800${kind}-00000000000${n}`
const [ann, bob, cid, gil] = [id(1, 1), id(1, 2), id(1, 3), id(1, 4)]
const [open1, open2, closed, foreignOrder, removedOrder] = [id(2, 1), id(2, 2), id(2, 3), id(2, 4), id(2, 5)]
const [red, blue, secret, foreignTag, removedTag] = [id(3, 1), id(3, 2), id(3, 3), id(3, 4), id(3, 5)]
const absent = '00000000-0000-7000-8000-00000000dead'

const app = {
  'schema/all.entity.ts': `
export const User = entity('User', {
  tenant: false, fields: { name: string() },
  relations: {
    friends: many('User', { link: true }), friendOf: many('User', { by: 'friends' }),
    watched: many('Order', { by: 'watchers' }),
  },
})
export const Tag = entity('Tag', {
  fields: { name: string(), secret: boolean({ default: false }) }, relations: { orders: many('Order', { by: 'tags' }) },
})
export const Order = entity('Order', {
  fields: { number: string(), open: boolean({ default: true }), secret: boolean({ default: false }) },
  relations: {
    tags: many('Tag', { link: true, note: 'What it is about.' }),
    flags: many('Tag', { link: true, linkTable: 'order_flag' }),
    watchers: many('User', { link: true }),
  },
})`,
  'policies/all.ts': `
import { User, Tag, Order } from '../schema/all.entity.ts'
export const roles = defineRoles({ clerk: 'Works.', auditor: 'Looks.', tagger: 'Tags.', boss: 'Sees all.' })
export const actor = defineActor(User, {})
export const UserPolicy = policy(User, {
  'people are seen': { allow: 'clerk', to: 'read' },
  'each is its own': { allow: signedIn, to: 'update', where: { id: actor.id } },
})
export const TagPolicy = policy(Tag, {
  'public tags': { allow: ['clerk', 'auditor', 'tagger'], to: 'read', where: { secret: false } },
  'all tags': { allow: 'boss', to: ['read', 'remove', 'restore', 'delete'] },
})
export const OrderPolicy = policy(Order, {
  'public orders': { allow: ['clerk', 'auditor', 'tagger'], to: 'read', where: { secret: false } },
  'open ones change': { allow: 'clerk', to: ['create', 'update'], where: { open: true }, becoming: { open: true } },
  'taggers tag': { allow: 'tagger', to: 'update', only: ['tags'] },
  'all of them': { allow: 'boss', to: anything },
  'nobody touches X': { deny: everyone, to: 'update', where: { number: 'X' }, because: 'X is sealed.' },
})`.replace(
    "to: ['create', 'update'], where: { open: true }, becoming: { open: true }",
    "to: ['create', 'update'], where: { open: true }",
  ),
}

const rows = `
insert into rowhouse.tenant (id, slug, name) values ('${acme}', 'acme', 'Acme'), ('${globex}', 'globex', 'Globex');
insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${bob}', 'Bob'), ('${cid}', 'Cid'), ('${gil}', 'Gil');
insert into app."order" (tenant_id, id, number, open, secret, deleted_at) values
  ('${acme}', '${open1}', 'A1', true, false, null), ('${acme}', '${open2}', 'X', true, false, null),
  ('${acme}', '${closed}', 'A3', false, false, null), ('${globex}', '${foreignOrder}', 'G1', true, false, null),
  ('${acme}', '${removedOrder}', 'A5', true, false, now());
insert into app.tag (tenant_id, id, name, secret, deleted_at) values
  ('${acme}', '${red}', 'red', false, null), ('${acme}', '${blue}', 'blue', false, null),
  ('${acme}', '${secret}', 'secret', true, null), ('${globex}', '${foreignTag}', 'green', false, null),
  ('${acme}', '${removedTag}', 'gone', false, now());
`

const server = useWrittenServer(app, rows, [['clerk'], ['auditor'], ['tagger'], ['boss'], ['boss', 'clerk'], []])
const as = (roles: readonly string[], sub = ann, tenant = acme): Who => ({ sub, tenant, roles })
const clerk = as(['clerk'])
const boss = as(['boss', 'clerk'])

const link = `mutation ($orderId: UUID!, $tagIds: [UUID!]!) {
  linkOrderTags(input: { orderId: $orderId, tagIds: $tagIds }) { order { tags { nodes { name } } } }
}`
const unlink = link.replace('linkOrderTags', 'unlinkOrderTags')
const tagsOf = (answer: { readonly data: Record<string, { order: { tags: { nodes: { name: string }[] } } }> }) =>
  Object.values(answer.data)[0]!
    .order.tags.nodes.map(({ name }) => name)
    .sort()

describe('links', () => {
  test('the entity in between is not shown, its parts are', () => {
    const sdl = printSdl(server().model)
    expect(sdl.replaceAll(/\w+ToManyOrderTagLink\w+/g, '')).not.toMatch(/(Tag|User)Link|order__tag|LinkedUser/i)
    expect(sdl).toContain('linkOrderFlags(')
    expect(sdl).toMatch(/input LinkUserFriendsInput \{[^}]*friendIds: \[UUID!\]![^}]*userId: UUID!/)
  })

  test('are added in batches, again without effect, and taken away', async () => {
    const first = await server().askAs(clerk, link, { orderId: open1, tagIds: [red, blue, red] })
    expect(first.errors).toEqual([])
    expect(tagsOf(first)).toEqual(['blue', 'red'])
    const again = await server().askAs(clerk, link, { orderId: open1, tagIds: [blue] })
    expect(tagsOf(again)).toEqual(['blue', 'red'])
    const back = await server().askAs(clerk, `{ tag(id: "${red}") { orders { totalCount nodes { number } } } }`)
    expect(back.data.tag.orders).toEqual({ totalCount: 1, nodes: [{ number: 'A1' }] })
    const less = await server().askAs(clerk, unlink, { orderId: open1, tagIds: [red] })
    expect(tagsOf(less)).toEqual(['blue'])
    const none = await server().askAs(clerk, unlink, { orderId: open1, tagIds: [red, blue] })
    expect(tagsOf(none)).toEqual([])
  })

  test('are all made or none', async () => {
    const answer = await server().askAs(clerk, link, { orderId: open1, tagIds: [red, absent] })
    expect(answer.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', fields: ['tagIds'] } }])
    const { data } = await server().askAs(clerk, `{ order(id: "${open1}") { tags { totalCount } } }`)
    expect(data.order.tags.totalCount).toBe(0)
  })

  test('two links of the same pair are two', async () => {
    const flag = `mutation { linkOrderFlags(input: { orderId: "${open1}", flagIds: ["${blue}"] }) {
      order { tags { totalCount } flags { totalCount } } } }`
    const { data, errors } = await server().askAs(clerk, flag)
    expect(errors).toEqual([])
    expect(data.linkOrderFlags.order).toEqual({ tags: { totalCount: 0 }, flags: { totalCount: 1 } })
  })

  test('of an entity with itself have two directions', async () => {
    const befriend = `mutation { linkUserFriends(input: { userId: "${ann}", friendIds: ["${bob}", "${cid}"] }) {
      user { friends(orderBy: NAME_ASC) { nodes { name friends { totalCount } friendOf { nodes { name } } } } } } }`
    const { data, errors } = await server().askAs(clerk, befriend)
    expect(errors).toEqual([])
    const friend = (name: string) => ({ name, friends: { totalCount: 0 }, friendOf: { nodes: [{ name: 'Ann' }] } })
    expect(data.linkUserFriends.user.friends.nodes).toEqual([friend('Bob'), friend('Cid')])
    const other = befriend.replace(`userId: "${ann}"`, `userId: "${bob}"`)
    expect((await server().askAs(clerk, other)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })

  test('lead from rows of a tenant to rows of none', async () => {
    const watch = (orderId: string) =>
      `mutation { linkOrderWatchers(input: { orderId: "${orderId}", watcherIds: ["${bob}"] }) { order { watchers { nodes { name } } } } }`
    const { data } = await server().askAs(clerk, watch(open1))
    expect(data.linkOrderWatchers.order.watchers.nodes).toEqual([{ name: 'Bob' }])
    await server().askAs(as(['clerk'], gil, globex), watch(foreignOrder))
    const watched = `{ user(id: "${bob}") { watched { nodes { number } } } }`
    expect((await server().askAs(clerk, watched)).data.user.watched.nodes).toEqual([{ number: 'A1' }])
    const inGlobex = await server().askAs(as(['clerk'], gil, globex), watched)
    expect(inGlobex.data.user.watched.nodes).toEqual([{ number: 'G1' }])
  })

  test('are made with the row, in the same transaction', async () => {
    const create = `mutation ($order: OrderInput!) { createOrder(input: { order: $order }) { id order { tags { nodes { name } } } } }`
    const made = await server().askAs(clerk, create, { order: { number: 'N1', tagIds: [blue, red] } })
    expect(made.errors).toEqual([])
    expect(made.data.createOrder.order.tags.nodes).toHaveLength(2)
    const failed = await server().askAs(clerk, create, { order: { number: 'N2', tagIds: [blue, secret] } })
    expect(failed.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', fields: ['tagIds'] } }])
    const none = await server().askAs(clerk, '{ orders(filter: { number: { equalTo: "N2" } }) { totalCount } }')
    expect(none.data.orders.totalCount).toBe(0)
    const empty = await server().askAs(clerk, create, { order: { number: 'N3', tagIds: [] } })
    expect(empty.data.createOrder.order.tags.nodes).toEqual([])
    await server().askAs(boss, `mutation { deleteOrder(input: { id: "${made.data.createOrder.id}" }) { id } }`)
    await server().askAs(boss, `mutation { deleteOrder(input: { id: "${empty.data.createOrder.id}" }) { id } }`)
  })

  test('hide while an end is removed, and come back', async () => {
    await server().askAs(boss, link, { orderId: open1, tagIds: [red] })
    const count = async () => (await server().askAs(boss, `{ order(id: "${open1}") { tags { totalCount } } }`)).data
    const verb = (name: string, row: string) =>
      server().askAs(boss, `mutation { ${name}(input: { id: "${row}" }) { id } }`)
    expect(await count()).toEqual({ order: { tags: { totalCount: 1 } } })
    expect((await verb('removeTag', red)).errors).toEqual([])
    expect(await count()).toEqual({ order: { tags: { totalCount: 0 } } })
    // The other end goes and comes meanwhile.
    await verb('removeOrder', open1)
    expect((await verb('restoreOrder', open1)).errors).toEqual([])
    expect(await count()).toEqual({ order: { tags: { totalCount: 0 } } })
    expect((await verb('restoreTag', red)).errors).toEqual([])
    expect(await count()).toEqual({ order: { tags: { totalCount: 1 } } })
    await server().askAs(boss, unlink, { orderId: open1, tagIds: [red] })
  })

  test('filter by some, none, every and their number', async () => {
    await server().askAs(boss, link, { orderId: open1, tagIds: [red, blue] })
    await server().askAs(boss, link, { orderId: closed, tagIds: [red, secret] })
    const numbers = async (who: Who, filter: string) => {
      const { data, errors } = await server().askAs(
        who,
        `{ orders(filter: ${filter}, orderBy: NUMBER_ASC) { nodes { number } } }`,
      )
      expect(errors).toEqual([])
      return data.orders.nodes.map(({ number }: { number: string }) => number)
    }
    expect(await numbers(boss, '{ tags: { some: { name: { equalTo: "red" } } } }')).toEqual(['A1', 'A3'])
    expect(await numbers(boss, '{ tags: { some: { name: { equalTo: "secret" } } } }')).toEqual(['A3'])
    expect(await numbers(boss, '{ tags: { none: { name: { equalTo: "blue" } } } }')).toEqual(['A3', 'X'])
    expect(await numbers(boss, '{ tags: { every: { name: { equalTo: "red" } } } }')).toEqual(['X'])
    expect(await numbers(boss, '{ tagsExist: true }')).toEqual(['A1', 'A3'])
    expect(await numbers(boss, '{ tagsExist: false }')).toEqual(['X'])
    expect(await numbers(boss, '{ tags: { aggregates: { distinctCount: { id: { equalTo: "2" } } } } }')).toEqual([
      'A1',
      'A3',
    ])
    expect(await numbers(boss, '{ watchers: { some: { name: { equalTo: "Bob" } } } }')).toEqual(['A1'])
    const byOrder =
      '{ tags(filter: { orders: { some: { number: { equalTo: "A1" } } } }, orderBy: NAME_ASC) { nodes { name } } }'
    expect((await server().askAs(boss, byOrder)).data.tags.nodes).toEqual([{ name: 'blue' }, { name: 'red' }])
    // What the caller may not read is not there.
    expect(await numbers(clerk, '{ tags: { some: { name: { equalTo: "secret" } } } }')).toEqual([])
    expect(await numbers(clerk, '{ tags: { every: { name: { equalTo: "red" } } } }')).toEqual(['A3', 'X'])
    const refused = await server().askAs(clerk, '{ orders(filter: { tags: null }) { totalCount } }')
    expect(refused.errors).toMatchObject([{ extensions: { code: 'VALIDATION' } }])
    await server().askAs(boss, unlink, { orderId: closed, tagIds: [red, secret] })
  })
})

describe('attacks on links', () => {
  const linking = (who: Who, orderId: string, tagIds: readonly string[], mutation = link) =>
    server().askAs(who, mutation, { orderId, tagIds })

  test.each([
    ['link', link],
    ['unlink', unlink],
  ])('%s: a hidden, foreign, removed or absent row is NOT_FOUND, on either side', async (_, mutation) => {
    const others = await Promise.all(
      [secret, foreignTag, removedTag, absent].map((tag) => linking(clerk, open1, [tag], mutation)),
    )
    for (const { data, errors } of others) {
      expect(data).toEqual(others[0]!.data)
      expect(errors).toEqual(others[0]!.errors)
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', fields: ['tagIds'] } }])
    }
    const sides = await Promise.all(
      [foreignOrder, removedOrder, absent].map((order) => linking(clerk, order, [red], mutation)),
    )
    for (const { data, errors } of sides) {
      expect({ data, errors }).toEqual({ data: sides[0]!.data, errors: sides[0]!.errors })
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', fields: ['orderId'] } }])
    }
  })

  test('without the right to update the row it is FORBIDDEN', async () => {
    for (const mutation of [link, unlink]) {
      for (const [who, order] of [
        [as(['auditor']), open1],
        [clerk, closed],
        [clerk, open2],
        [as(['tagger']), open2],
      ] as const) {
        const { errors } = await linking(who, order, [red], mutation)
        expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      }
    }
  })

  test('a rule that names the link covers it, and no other', async () => {
    expect((await linking(as(['tagger']), closed, [blue])).errors).toEqual([])
    expect((await linking(as(['tagger']), closed, [blue], unlink)).errors).toEqual([])
    const flag = `mutation { linkOrderFlags(input: { orderId: "${open1}", flagIds: ["${red}"] }) { order { number } } }`
    expect((await server().askAs(as(['tagger']), flag)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })

  const direct = (who: Who, text: string) =>
    server().database.asActor({ roles: who.roles, tenant: who.tenant, actor: who.sub }, (client) =>
      client.query<Record<string, unknown>>(text),
    )

  test('direct SQL of a request role reads what both ends show, and writes nothing', async () => {
    await linking(boss, open1, [secret])
    const read = 'select tag_id from app.order__tag__link order by tag_id'
    expect((await direct(clerk, read)).rows).toEqual([{ tag_id: red }, { tag_id: blue }])
    expect((await direct(boss, read)).rows).toHaveLength(3)
    expect((await direct(as(['boss'], gil, globex), read)).rows).toEqual([])
    for (const who of [clerk, boss]) {
      for (const text of [
        `insert into app.order__tag__link (order_id, tag_id) values ('${open1}', '${red}')`,
        'delete from app.order__tag__link',
        `update app.order__tag__link set tag_id = '${red}'`,
        'truncate app.order__tag__link',
        'select tenant_id from app.order__tag__link',
      ])
        await expect(direct(who, text)).rejects.toMatchObject({ code: '42501' })
    }
    await linking(boss, open1, [secret], unlink)
  })

  test('the functions are for those whom an update rule names', async () => {
    const call = (verb: string) =>
      `select rowhouse_private.${verb}_order__tag__link('${open1}', array['${red}']::uuid[])`
    await expect(direct(as(['auditor']), call('add'))).rejects.toMatchObject({ code: '42501' })
    await expect(direct(as(['auditor']), call('drop'))).rejects.toMatchObject({ code: '42501' })
    expect((await direct(as(['clerk'], gil, globex), call('add'))).rows).toEqual([{ add_order__tag__link: 'missing' }])
    const nulls = `select rowhouse_private.add_order__tag__link('${open1}', array[null]::uuid[]) as a, rowhouse_private.add_order__tag__link(null, null) as b`
    expect((await direct(clerk, nulls)).rows).toEqual([{ a: 'unreachable', b: 'missing' }])
  })

  test('a caller who reads one end alone sees no link', async () => {
    const { data, errors } = await server().askAs(
      as(['auditor']),
      `{ order(id: "${open1}") { watchers { totalCount } } }`,
    )
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    expect(data.order).toBeNull()
  })
})
