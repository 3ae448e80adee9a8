import type pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildCatalog, roleSetName } from '#migrations'
import { useDatabase } from '../../support/database.ts'
import { id, ids, shop, shopRows } from './shop.ts'

const db = useDatabase({ migrator: 'plain' })

beforeAll(async () => {
  await db().applyCatalog(buildCatalog(shop))
})

beforeEach(async () => {
  await db().asOwner(async (client) => {
    const tables = shop.entities.map((entity) => `app."${entity.table}"`)
    await client.query(`truncate ${tables.join(', ')}, rowhouse.counter, rowhouse.refreshed, rowhouse.tenant`)
    await client.query(shopRows)
  })
})

/** As ann of acme with the roles. */
function as<T>(roles: readonly string[], task: (client: pg.Client) => Promise<T>): Promise<T> {
  return db().asActor({ roles, tenant: ids.acme, actor: ids.ann }, task)
}

/** Runs one statement; its rows. */
function run(
  roles: readonly string[],
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly pg.QueryResultRow[]> {
  return as(roles, async (client) => (await client.query(text, [...values])).rows)
}

/** SQLSTATE with which a statement fails, or `ok`. */
async function state(roles: readonly string[], text: string, values: readonly unknown[] = []): Promise<string> {
  try {
    await run(roles, text, values)
    return 'ok'
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error)
  }
}

async function verb(roles: readonly string[], name: string, row: string): Promise<string> {
  try {
    const [result] = await run(roles, `select rowhouse_private.${name}($1) as answer`, [row])
    return result?.answer
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error)
  }
}

async function peek(text: string): Promise<readonly pg.QueryResultRow[]> {
  return db().asOwner(async (client) => (await client.query(text)).rows)
}

const priceOf = (row: string) =>
  `select price, notes, stage from app."order" where tenant_id = '${ids.acme}' and id = '${row}'`

describe('policies', () => {
  test('E1: definer functions see rows although row security binds the owner', async () => {
    const { rows } = await db().migrator.query(
      `select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner
       where p.pronamespace = 'rowhouse_private'::regnamespace and (not p.prosecdef or r.rolname <> $1)
       order by p.proname`,
      [db().names.private],
    )
    // Called by definers alone, for whom the planner needs settings of its own.
    expect(rows).toEqual([{ proname: 'sweep_events' }, { proname: 'sweep_script_runs' }])
    const { rows: callable } = await db().migrator.query(
      `select p.proname, r.rolname from pg_proc p, pg_roles r where p.proname = any ($1) and not r.rolsuper
       and r.rolname like $2 and has_function_privilege(r.oid, p.oid, 'execute')
       and not r.rolname = any ($3) and not pg_has_role(r.oid, $4, 'usage')`,
      [
        ['sweep_events', 'sweep_script_runs'],
        `${db().names.prefix}%`,
        [db().names.private, db().names.owner],
        db().names.owner,
      ],
    )
    expect(callable).toEqual([])
    const seen = await run(['sales'], 'select id from app."order" order by number')
    expect(seen.map((row) => row.id)).toEqual([ids.open, ids.closed, ids.secret])
    expect(await db().asRole(db().names.owner, (client) => client.query('select from app."order"'))).toMatchObject({
      rowCount: 0,
    })
  })

  test('the tenant is pinned for every role, the functions too', async () => {
    expect(await run(['admin'], 'select id from app."order" where number = $1', ['N1'])).toEqual([{ id: ids.open }])
    expect(await verb(['admin'], 'remove_order', ids.globexOrder)).toBe('missing')
    expect(await state(['admin'], 'insert into app."group" (tenant_id, name) values ($1, $2)', [ids.globex, 'x'])).toBe(
      '42501',
    )
    const noTenant = await db().asActor({ roles: ['admin'], actor: ids.ann }, (client) =>
      client.query('select from app."order"'),
    )
    expect(noTenant.rowCount).toBe(0)
  })

  test('E15: another tenant’s id is free, so a key tells nothing', async () => {
    await db().asOwner((client) =>
      client.query('insert into app.product (tenant_id, id, name) values ($1, $2, $3)', [
        ids.globex,
        id(800),
        'theirs',
      ]),
    )
    await db().asOwner((client) =>
      client.query('insert into app.product (tenant_id, id, name) values ($1, $2, $3)', [ids.acme, id(800), 'ours']),
    )
    expect(await state(['sales'], 'insert into app.product (id, name) values ($1, $2)', [id(800), 'x'])).toBe('42501')
    expect(
      await state(['admin'], 'insert into app."order" (number, customer_id) values ($1, $2)', ['N9', ids.foreign]),
    ).toBe('RH404')
  })

  test('E19: a rule reads columns that the caller is not granted', async () => {
    const { rows } = await db().migrator.query(
      `select has_column_privilege($1, 'app.customer', 'tenant_id', 'select') as granted`,
      [`${db().names.prefix}_sales`],
    )
    expect(rows).toEqual([{ granted: false }])
    expect(await run(['sales'], 'select name from app.customer')).toEqual([{ name: 'visible' }])
    expect(await state(['sales'], 'select tenant_id from app.customer')).toBe('42501')
  })

  test('E20: paths see every live row, whatever the caller may read', async () => {
    await db().asOwner((client) => client.query('update app.customer set hidden = true'))
    expect(await run(['sales'], 'select id from app.customer')).toEqual([])
    expect(await run(['sales'], 'select from app."order"')).toHaveLength(3)
    await db().asOwner((client) => client.query('update app.member set deleted_at = now()'))
    expect(await run(['sales'], 'select from app."order"')).toHaveLength(0)
  })

  test('denies never bind the functions or the owner', async () => {
    const { rows } = await db().migrator.query(
      `select policyname, roles::text[] as roles from pg_policies where schemaname = 'app' and permissive = 'RESTRICTIVE' and policyname <> 'tenant'`,
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { roles } of rows)
      expect([db().names.member, db().names.anonymous]).toEqual(expect.arrayContaining(roles))
    const { rows: members } = await db().migrator.query(
      `select pg_has_role($1, $3, 'usage') as private, pg_has_role($2, $3, 'usage') as owner`,
      [db().names.private, db().names.owner, db().names.member],
    )
    expect(members).toEqual([{ private: false, owner: false }])
  })

  test('visitors see what everyone may, and lack what only a person has', async () => {
    const count = async (roles: readonly string[] | null, table: string) =>
      (
        await db().asActor({ roles, actor: roles === null ? null : ids.ann }, (client) =>
          client.query(`select from ${table}`),
        )
      ).rowCount
    expect(await count(null, 'app.notice')).toBe(1)
    expect(await count([], 'app.notice')).toBe(1)
    expect(await count(null, 'app.leaflet')).toBe(0)
    expect(await count([], 'app.leaflet')).toBe(1)
    await expect(count(null, 'app."order"')).rejects.toMatchObject({ code: '42501' })
  })

  test('functions are for those who need them', async () => {
    const { rows } = await db().migrator.query(
      `select p.proname from pg_proc p where p.pronamespace = 'rowhouse_private'::regnamespace and has_function_privilege($1, p.oid, 'execute') order by 1`,
      [`${db().names.prefix}_clerk`],
    )
    // Clerks' rules ask for no related rows and allow no verb; why a change is denied is for who reads, and what may be done for who may do anything.
    expect(rows).toEqual([{ proname: 'because_order' }, { proname: 'rights_order' }])
    expect(await state(['clerk'], `select rowhouse_private.may_read_order('${ids.open}')`)).toBe('42501')
  })

  test('a rule of an included role holds', async () => {
    expect(await run(['boss'], 'select from app."order"')).toHaveLength(3)
    expect(await verb(['boss'], 'remove_order', ids.open)).toBe('removed')
  })
})

describe('guard', () => {
  test('E3: the fields of one rule are not lent to the rows of another', async () => {
    expect(await state(['sales'], 'update app."order" set price = 999 where id = $1', [ids.closed])).toBe('42501')
    expect(await state(['sales'], 'update app."order" set notes = $2 where id = $1', [ids.open, 'x'])).toBe('42501')
    expect(await state(['sales'], 'update app."order" set notes = $2 where id = $1', [ids.closed, 'x'])).toBe('ok')
    expect(await state(['sales'], 'update app."order" set price = 11 where id = $1', [ids.open])).toBe('ok')
    expect(await peek(priceOf(ids.closed))).toEqual([{ price: 20, notes: 'x', stage: 'closed' }])
  })

  test('E4: the old row of one rule is not joined with the new row of another', async () => {
    // sales may change the stage of open orders that stay open; clerks close them and touch nothing else.
    expect(await state(['sales'], `update app."order" set stage = 'closed' where id = $1`, [ids.open])).toBe('42501')
    expect(
      await state(['sales', 'clerk'], `update app."order" set stage = 'closed', price = 1 where id = $1`, [ids.open]),
    ).toBe('42501')
    expect(await state(['sales', 'clerk'], `update app."order" set stage = 'closed' where id = $1`, [ids.open])).toBe(
      'ok',
    )
  })

  test('E17: without the guard both holes are open', async () => {
    await db().asRole(db().names.owner, (client) =>
      client.query('alter table app."order" disable trigger rowhouse_2_guard'),
    )
    try {
      expect(await state(['sales'], 'update app."order" set price = 999 where id = $1', [ids.closed])).toBe('ok')
      expect(
        await state(['sales', 'clerk'], `update app."order" set stage = 'closed', price = 1 where id = $1`, [ids.open]),
      ).toBe('ok')
    } finally {
      await db().asRole(db().names.owner, (client) =>
        client.query('alter table app."order" enable trigger rowhouse_2_guard'),
      )
    }
  })

  test('E5: a hand-over out of sight is allowed by the write function', async () => {
    const [row] = await run(
      ['clerk'],
      `select rowhouse.update_row('app."order"', $1, '{"stage": "closed"}') as answer`,
      [JSON.stringify({ id: ids.open })],
    )
    expect(row).toEqual({ answer: 'updated' })
    expect(await run(['clerk'], 'select id from app."order"')).toEqual([{ id: ids.secret }])
  })

  test('a new row keeps the defaults of what the rule does not cover', async () => {
    const insert = (columns: string, values: string): string =>
      `insert into app."order" (customer_id, ${columns}) values ('${ids.customer}', ${values})`
    const both = ['sales', 'editor']
    expect(await state(['sales'], insert('number, price', `'N7', 5`))).toBe('42501')
    // Granted through editors, whose rule wants more than 100.
    expect(await state(both, insert('number, price', `'N7', 5`))).toBe('42501')
    expect(await state(both, insert('number, notes, price', `'N7', 'x', 500`))).toBe('42501')
    expect(await state(both, insert('number, price, placed_by_id', `'N7', 500, '${ids.ann}'`))).toBe('ok')
    expect(await state(both, insert('number, notes', `'N8', 'x'`))).toBe('ok')
    expect(await state(['sales'], insert('number, secret', `'N9', 7`))).toBe('42501')
  })

  test('a deny judges the row as it is', async () => {
    expect(await state(['admin'], 'update app."order" set secret = 9 where id = $1', [ids.open])).toBe('ok')
    await run(['admin'], 'update app."order" set price = 0 where id = $1', [ids.secret])
    expect(await peek(priceOf(ids.secret))).toMatchObject([{ price: 30 }])
    expect(await verb(['admin'], 'remove_order', ids.secret)).toBe('42501')
  })
})

describe('links', () => {
  test.each([
    ['an update', 'update app."order" set backup_id = $1 where id = $2', [ids.open]],
    // The rule itself looks at the customer: what it finds must not tell a hidden customer from an absent one.
    ['an update whose rule looks there', 'update app."order" set customer_id = $1 where id = $2', [ids.open]],
    ['a create', 'insert into app."order" (customer_id, number) values ($1, $2)', ['N7']],
  ])('E25: hidden, removed, foreign and absent targets give one answer to %s', async (_, text, rest) => {
    const answers = new Set<string>()
    for (const target of [ids.hidden, ids.removed, ids.foreign, id(999)]) {
      answers.add(
        await run(['sales'], text, [target, ...rest]).then(
          () => 'ok',
          (error: pg.DatabaseError) => [error.code, error.message, error.detail, error.table].join('|'),
        ),
      )
    }
    expect([...answers]).toEqual(['RH404|there is no such row||order'])
    expect(await state(['sales'], text, [ids.customer, ...rest])).toBe('ok')
  })

  test('a link may be taken away', async () => {
    expect(await state(['sales'], 'update app."order" set backup_id = null where id = $1', [ids.open])).toBe('ok')
  })

  test('the caller may be named by itself, nobody else', async () => {
    const insert = 'insert into app."order" (number, customer_id, placed_by_id) values ($1, $2, $3)'
    expect(await state(['sales'], insert, ['N5', ids.customer, ids.ann])).toBe('ok')
    expect(await state(['sales'], insert, ['N6', ids.customer, ids.bob])).toBe('RH404')
  })

  test('E26: an optional link is nulled without its tenant', async () => {
    await run(['sales'], 'delete from app.product where id = $1', [ids.product])
    expect(await peek('select tenant_id, product_id from app.parcel')).toEqual([
      { tenant_id: ids.acme, product_id: null },
    ])
  })

  test('E8: cascades of foreign keys pass guard and link', async () => {
    await run(['admin'], 'update app."order" set backup_id = $2 where id = $1', [ids.closed, ids.removed]).catch(
      () => null,
    )
    await db().asOwner((client) =>
      client.query('update app."order" set backup_id = $1 where number = $2', [ids.hidden, 'N2']),
    )
    expect(await state(['admin'], 'delete from app.customer where id = $1', [ids.hidden])).toBe('ok')
    expect(await peek(`select backup_id, tenant_id from app."order" where number = 'N2'`)).toEqual([
      { backup_id: null, tenant_id: ids.acme },
    ])
  })

  test('a target cannot be removed while a link to it is being made', async () => {
    const removing = await meanwhile('insert into app.invoice (order_id) values ($1)', () =>
      verb(['admin'], 'remove_order', ids.open),
    )
    expect(removing).toBe('23001')
  })

  test('a link cannot be made while its target is being removed', async () => {
    const linking = await meanwhile('select rowhouse_private.remove_order($1)', () =>
      state(['admin'], 'insert into app.invoice (order_id) values ($1)', [ids.open]),
    )
    expect(linking).toBe('RH404')
    expect(await peek('select from app.invoice')).toEqual([])
  })

  test('a row cannot be restored while what it needs is being removed', async () => {
    await verb(['admin'], 'remove_order_line', ids.line)
    const restoring = await meanwhile('select rowhouse_private.remove_order($1)', () =>
      verb(['admin'], 'restore_order_line', ids.line),
    )
    expect(restoring).toBe('23001')
  })
})

/** Runs a statement on the open order as admin, leaves its transaction open until the task waits for it, then commits. */
async function meanwhile<T>(first: string, task: () => Promise<T>): Promise<T> {
  await db().ensureRoleSets([['admin']])
  const client = await db().connect(db().loginUrl)
  try {
    await client.query('begin')
    await client.query(`set local role "${roleSetName(db().names.prefix, ['admin'])}"`)
    await client.query(`select set_config('rowhouse.tenant_id', $1, true)`, [ids.acme])
    await client.query(first, [ids.open])
    const second = task()
    await untilSomebodyWaits()
    await client.query('commit')
    return await second
  } finally {
    await client.end()
  }
}

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await db().migrator.query(
      `select from pg_locks l join pg_stat_activity a on a.pid = l.pid and a.datname = current_database() where not l.granted`,
    )
    if (rows.length > 0) return
  }
}

describe('verbs', () => {
  test('E29: nobody writes state or removal directly', async () => {
    expect(await state(['admin'], `update app."order" set status = 'placed'`)).toBe('42501')
    expect(await state(['admin'], 'update app."order" set deleted_at = now()')).toBe('42501')
    expect(await state(['admin'], 'insert into app.product (name, deleted_at) values ($1, now())', ['x'])).toBe('42501')
    expect(await verb(['sales'], 'remove_order', ids.open)).toBe('removed')
    expect(await run(['sales'], 'select from app."order" where id = $1', [ids.open])).toEqual([])
    expect(await verb(['sales'], 'remove_order', ids.open)).toBe('missing')
  })

  test('E14: inside, the caller is the role set, not the owner of the function', async () => {
    expect(await verb(['clerk'], 'remove_order', ids.open)).toBe('42501')
    expect(await verb(['clerk', 'sales'], 'remove_order', ids.closed)).toBe('42501')
    expect(await verb(['clerk', 'sales'], 'remove_order', ids.open)).toBe('removed')
  })

  test('refused only where the row may be read', async () => {
    expect(await verb(['sales'], 'remove_order', ids.closed)).toBe('42501')
    expect(await verb(['sales'], 'remove_order', ids.globexOrder)).toBe('missing')
    expect(await verb(['sales'], 'remove_order', id(999))).toBe('missing')
    expect(await verb(['sales'], 'restore_order', ids.open)).toBe('missing')
    await db().asOwner((client) => client.query('update app.member set deleted_at = now()'))
    expect(await verb(['sales'], 'remove_order', ids.closed)).toBe('missing')
    expect(await verb(['sales'], 'remove_order', ids.open)).toBe('missing')
  })

  test('the reason of a deny comes along', async () => {
    const answer = await run(['admin'], 'select rowhouse_private.remove_order($1)', [ids.secret]).catch(
      (error: pg.DatabaseError) => error,
    )
    expect(answer).toMatchObject({ code: '42501', hint: 'Secret orders stay.' })
  })

  test('removal takes dependants along, restore brings exactly those back', async () => {
    const live =
      'select id from app.order_line where deleted_at is null union all select id from app.parcel where deleted_at is null'
    expect(await verb(['admin'], 'remove_order', ids.open)).toBe('removed')
    expect(await peek(live)).toEqual([])
    const instants = await peek(
      `select deleted_at from app."order" where id = '${ids.open}' union select deleted_at from app.order_line where id = '${ids.line}' union select deleted_at from app.parcel`,
    )
    expect(instants).toHaveLength(1)
    expect(await verb(['admin'], 'restore_order_line', ids.line)).toBe('23001')
    expect(await verb(['admin'], 'restore_order', ids.open)).toBe('restored')
    expect(await peek(live)).toEqual([{ id: ids.line }, { id: ids.parcel }])
  })

  test('two removals of one transaction are told apart', async () => {
    await as(['admin'], async (client) => {
      await client.query('select rowhouse_private.remove_order_line($1)', [ids.line])
      await client.query('select rowhouse_private.remove_order($1)', [ids.open])
    })
    expect(await verb(['admin'], 'restore_order', ids.open)).toBe('restored')
    expect(await peek('select id from app.order_line where deleted_at is null')).toEqual([])
  })

  test('a live dependant that restricts is named', async () => {
    await db().asOwner((client) =>
      client.query('insert into app.invoice (tenant_id, order_id) values ($1, $2)', [ids.acme, ids.open]),
    )
    const error = await run(['admin'], 'select rowhouse_private.remove_order($1)', [ids.open]).catch(
      (thrown: pg.DatabaseError) => thrown,
    )
    expect(error).toMatchObject({ code: '23001', table: 'invoice', constraint: 'invoice_order_fkey' })
    expect(await peek('select from app.order_line where deleted_at is null')).toHaveLength(1)
    await db().asOwner((client) => client.query('update app.invoice set deleted_at = now()'))
    expect(await verb(['admin'], 'remove_order', ids.open)).toBe('removed')
  })

  test('restore needs its targets, and its unique values', async () => {
    await verb(['admin'], 'remove_order', ids.open)
    await db().asOwner((client) =>
      client.query('update app.customer set deleted_at = now() where id = $1', [ids.customer]),
    )
    const error = await run(['admin'], 'select rowhouse_private.restore_order($1)', [ids.open]).catch(
      (thrown: pg.DatabaseError) => thrown,
    )
    expect(error).toMatchObject({ code: '23001', table: 'customer' })
    await db().asOwner((client) =>
      client.query('update app.customer set deleted_at = null where id = $1', [ids.customer]),
    )
    await run(['admin'], 'insert into app."order" (number, customer_id) values ($1, $2)', ['N1', ids.customer])
    expect(await verb(['admin'], 'restore_order', ids.open)).toBe('23505')
  })

  test('trees and cycles are removed and restored whole', async () => {
    const [a, b, c] = [id(81), id(82), id(83)]
    await db().asOwner(async (client) => {
      await client.query('insert into app.folder (tenant_id, id) values ($1, $2), ($1, $3), ($1, $4)', [
        ids.acme,
        a,
        b,
        c,
      ])
      await client.query(
        'update app.folder set parent_id = case id when $1 then $3::uuid when $2 then $1 else $2 end',
        [a, b, c],
      )
    })
    expect(await verb(['admin'], 'remove_folder', b)).toBe('removed')
    expect(await peek('select from app.folder where deleted_at is null')).toEqual([])
    expect(await verb(['admin'], 'restore_folder', b)).toBe('restored')
    expect(await peek('select from app.folder where deleted_at is null')).toHaveLength(3)
  })
})
