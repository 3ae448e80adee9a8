import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCatalog } from '#migrations'
import { useDatabase } from '../support/database.ts'
import * as m from '../support/model.ts'

const db = useDatabase()
const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
const [here, there] = [id(1), id(2)]
const group = { open: id(11), also: id(12), closed: id(13), secret: id(14) }
const customer = {
  seen: id(21),
  hidden: id(22),
  removed: id(23),
  there: id(24),
  absent: id(25),
  closed: id(26),
  secret: id(27),
}

const plain = id(31)

// What decides of a customer looks at another table; of a plain one nothing else does, so that Postgres could join the tables.
const model = m.makeModel({
  entities: {
    Group: { fields: { open: m.plain('boolean'), secret: m.plain('boolean') } },
    Customer: { fields: { hidden: m.plain('boolean') }, relations: { group: m.one('Group') } },
    Plain: { relations: { group: m.one('Group') } },
    Order: { relations: { customer: m.one('Customer') } },
    Plea: { relations: { plain: m.one('Plain') } },
  },
  roles: { admin: [], clerk: [] },
  policies: {
    Group: [m.allow('all', 'admin', ['read', 'update'])],
    Customer: [
      m.allow('all', 'admin', ['read', 'update', 'remove', 'restore']),
      m.allow('open', 'clerk', ['read'], {
        where: m.all(m.compare('hidden', 'is', false), m.path('group', m.compare('open', 'is', true))),
      }),
      m.deny('secret', 'everyone', ['read'], {
        where: m.path('group', m.compare('secret', 'is', true)),
        unless: m.hasRole('admin'),
      }),
    ],
    Plain: [
      m.allow('open', 'everyone', ['read', 'update'], { where: m.path('group', m.compare('open', 'is', true)) }),
      m.deny('secret', 'everyone', ['read'], { where: m.path('group', m.compare('secret', 'is', true)) }),
    ],
    Order: [m.allow('all', 'clerk', ['read', 'create', 'update'])],
    Plea: [m.allow('all', 'clerk', ['read', 'create', 'update'])],
  },
})

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(model))
  await db().ensureRoleSets([['admin'], ['clerk']])
  const row = (at: string, rest: { readonly tenant?: string; readonly group?: string; readonly facts?: string }) =>
    `insert into app.customer (tenant_id, id, group_id, hidden, deleted_at)
      values ('${rest.tenant ?? here}', '${at}', '${rest.group ?? group.open}', ${rest.facts ?? 'false, null'});`
  await db().asOwner((client) =>
    client.query(`
      insert into rowhouse.tenant (id, slug, name) values ('${here}', 'here', 'Here'), ('${there}', 'there', 'There');
      insert into app."group" (tenant_id, id, open, secret) values ('${here}', '${group.open}', true, false),
        ('${here}', '${group.also}', true, false), ('${here}', '${group.closed}', false, false),
        ('${here}', '${group.secret}', true, true), ('${there}', '${id(15)}', true, false);
      ${row(customer.seen, {})} ${row(customer.hidden, { facts: 'true, null' })} ${row(customer.removed, { facts: 'false, now()' })}
      ${row(customer.there, { tenant: there, group: id(15) })} ${row(customer.closed, { group: group.closed })}
      ${row(customer.secret, { group: group.secret })}
      insert into app.plain (tenant_id, id, group_id) values ('${here}', '${plain}', '${group.open}');
      grant update on app.plain to ${db().names.private};
    `),
  )
}, 60_000)

const order = (target: string) => `insert into app."order" (customer_id) values ('${target}')`
const plea = (target: string) => `insert into app.plea (plain_id) values ('${target}')`

/** What is told of a new row of a clerk that leads to the row: `made`, or the error's facts. */
function create(target: string, settings = "set local lock_timeout = '60s'", insert = order): Promise<unknown> {
  return db().asActor({ roles: ['clerk'], tenant: here }, async (client) => {
    await client.query(settings)
    return client.query(insert(target)).then(
      () => 'made',
      ({ code, message, table, column, detail, hint }) => ({ code, message, table, column, detail, hint }),
    )
  })
}

const none = {
  code: 'RH404',
  message: 'there is no such row',
  table: 'order',
  column: 'customer_id',
  detail: undefined,
  hint: undefined,
}
const noPlain = { ...none, table: 'plea', column: 'plain_id' }

/** Takes the row as removing takes it, says and does what is asked, and in the end keeps it or not. */
function holding(target: string, task: (client: pg.Client) => Promise<void>, tenant = here): Promise<void> {
  return db().asActor({ roles: ['admin'], tenant }, async (client) => {
    await client.query(`select from app.customer where id = '${target}' for update`)
    await task(client)
  })
}

describe('of a row that somebody has taken', () => {
  test('who may not see it is told at once that there is none', async () => {
    const ask = async (target: string) => expect(await create(target, "set local lock_timeout = '20ms'")).toEqual(none)
    for (const at of ['hidden', 'closed', 'secret'] as const) await holding(customer[at], () => ask(customer[at]))
    await holding(customer.there, () => ask(customer.there), there)
    await db().asActor({ roles: ['admin'], tenant: here }, async (client) => {
      const { rows } = await client.query(`select rowhouse_private.restore_customer('${customer.removed}') as done`)
      expect(rows).toEqual([{ done: 'restored' }])
      await ask(customer.removed)
      await client.query(`update app.customer set hidden = true where id = '${customer.removed}'`)
      await ask(customer.removed)
    })
    await ask(customer.absent)
  })

  test('who sees it waits', async () => {
    await holding(customer.seen, async () => {
      expect(await create(customer.seen, "set local lock_timeout = '20ms'")).toMatchObject({ code: '55P03' })
    })
  })
})

describe('whoever waited for the row', () => {
  // A row stays as a change left it only where that one was kept.
  afterEach(async () => {
    await db().asActor({ roles: ['admin'], tenant: here }, async (client) => {
      await client.query(`select rowhouse_private.restore_customer('${customer.seen}')`)
      await client.query(
        `update app.customer set hidden = false, group_id = '${group.open}' where id = '${customer.seen}'`,
      )
    })
  })

  const set = (what: string) => `update app.customer set ${what} where id = '${customer.seen}'`
  test.each([
    ['is removed', `select rowhouse_private.remove_customer('${customer.seen}')`, none],
    ['is hidden', set('hidden = true'), none],
    ['comes into a group that shows none', set(`group_id = '${group.closed}'`), none],
    ['comes into a group that is denied', set(`group_id = '${group.secret}'`), none],
    ['comes into another group that shows it', set(`group_id = '${group.also}'`), 'made'],
    ['stays', set('hidden = false'), 'made'],
  ])('meets it as it is then: it %s', async (_, change, told) => {
    let waited: Promise<unknown> | undefined
    await holding(customer.seen, async (client) => {
      waited = create(customer.seen)
      await untilWaiting(client)
      await client.query(change)
    })
    expect(await waited).toEqual(told)
    expect(await seen()).toBe(told === 'made' ? 1 : 0)
  })

  // Where a subquery became a join, its rows from before the wait would decide: of the old group, or of no denied one.
  test.each([
    ['another that shows it', group.also, 'made'],
    ['one that shows none', group.closed, noPlain],
    ['one that is denied', group.secret, noPlain],
    ['none other', group.open, 'made'],
  ])('meets its group as it is then: %s', async (_, to, told) => {
    const settings = { 'rowhouse.tenant_id': here }
    const move = (at: string) => `update app.plain set group_id = '${at}' where id = '${plain}'`
    let waited: Promise<unknown> | undefined
    const asPrivate = (task: (client: pg.Client) => Promise<void>) => db().asRole(db().names.private, task, settings)
    await asPrivate(async (client) => {
      expect((await client.query(`select from app.plain where id = '${plain}' for update`)).rowCount).toBe(1)
      waited = create(plain, undefined, plea)
      await untilWaiting(client)
      await client.query(move(to))
    })
    expect(await waited).toEqual(told)
    await asPrivate(async (client) => void (await client.query(move(group.open))))
  })
})

/** How many of it clerks see. */
function seen(): Promise<number | null> {
  return db().asActor({ roles: ['clerk'], tenant: here }, async (client) => {
    return (await client.query(`select from app.customer where id = '${customer.seen}'`)).rowCount
  })
}

/** Resolves when somebody waits for what the client has taken. */
async function untilWaiting(client: pg.Client): Promise<void> {
  const asked = 'select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))'
  while ((await client.query(asked)).rowCount === 0) await sleep(5)
}
