import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { isLost } from '../../../server/postgres/connection-errors.ts'
import { RequestPool } from '../../../server/postgres/pool.ts'
import { sessionStatements } from '../../../server/postgres/transaction-connection.ts'
import type { RequestClient, RequestSettings } from '../../../server/postgres/with-pg-client.ts'
import { useDatabase } from '../../support/database.ts'

const database = useDatabase({ roles: ['sales'] })
const open: RequestPool[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()))
})

function makePool(options: object = {}): RequestPool {
  const pool = new RequestPool({ connectionString: database().loginUrl, max: 1, ...options })
  open.push(pool)
  return pool
}

async function asSales(claims: Record<string, string> = {}): Promise<RequestSettings> {
  const [role] = await database().ensureRoleSets([['sales']])
  return { role: role ?? '', 'rowhouse.tenant_id': '', 'rowhouse.actor_id': '', ...claims }
}

function asVisitor(): RequestSettings {
  return { role: database().names.anonymous, 'rowhouse.tenant_id': '', 'rowhouse.actor_id': '' }
}

interface Who {
  readonly who: string
  readonly claim: string | null
}

const whoText = "select current_user::text as who, current_setting('rowhouse.claim_region', true) as claim"

async function whoIs(client: RequestClient): Promise<Who | undefined> {
  return (await client.query<Who>({ text: whoText })).rows[0]
}

describe('a transaction of a caller', () => {
  test.each([
    ['those that the pool knows', ['role', 'rowhouse.tenant_id', 'rowhouse.actor_id', 'rowhouse.claim_region']],
    ['fewer', ['role', 'rowhouse.tenant_id', 'rowhouse.actor_id']],
    ['others', ['role', 'rowhouse.tenant_id', 'rowhouse.actor_id', "rowhouse.claim_it's"]],
    ['a hundred', ['role', ...Array.from({ length: 100 }, (_, at) => `rowhouse.claim_${at}`)]],
  ])('is told the same by any names of settings: %s', async (_, settingNames) => {
    const pool = makePool({ settingNames })
    const told = await asSales({ 'rowhouse.claim_region': "e'u" })
    const text = `select current_user::text as who, current_setting('rowhouse.claim_region', true) as claim,
      current_setting('transaction_read_only') as read_only, current_setting('statement_timeout') as timeout`
    const asked = async (access: 'read' | 'write', statements: number) => {
      const transaction = pool.begin(told, { access })
      transaction.expect(statements)
      const rows = await transaction.withPgClient(told, async (client) => (await client.query({ text })).rows)
      await transaction.end({ isKept: true })
      return rows
    }
    const answer = { who: told.role, claim: "e'u", timeout: '15s' }
    expect(await asked('read', 1)).toEqual([{ ...answer, read_only: 'on' }])
    expect(await asked('read', 2)).toEqual([{ ...answer, read_only: 'on' }])
    expect(await asked('write', 1)).toEqual([{ ...answer, read_only: 'off' }])
    expect(await pool.withPgClient(asVisitor(), whoIs)).toEqual({ who: database().names.anonymous, claim: '' })
  })

  test('runs as the role with the claims, and leaves nothing behind on the connection', async () => {
    const pool = makePool()
    const sales = await asSales({ 'rowhouse.claim_region': 'eu' })
    expect(await pool.withPgClient(sales, whoIs)).toEqual({ who: sales.role, claim: 'eu' })
    expect(await pool.withPgClient(asVisitor(), whoIs)).toEqual({ who: database().names.anonymous, claim: '' })
  })

  test('a lone read (with a name) commits by itself, prepared or not', async () => {
    const pool = makePool()
    const sales = await asSales({ 'rowhouse.claim_region': 'eu' })
    for (let i = 0; i < 4; i++) {
      const { rows } = await pool.withPgClient(sales, (client) =>
        client.query({ text: whoText, name: 'who', arrayMode: true }),
      )
      expect(rows).toEqual([[sales.role, 'eu']])
    }
    expect((await pool.withPgClient(asVisitor(), whoIs))?.who).toBe(database().names.anonymous)
  })

  test('work is kept when it ends, and undone when it throws', async () => {
    await database().asOwner(async (client) => {
      await client.query(`create table app.note (text text); grant select, insert on app.note to public`)
      await client.query(`grant usage on schema app to public`)
    })
    const pool = makePool()
    const insert = (text: string) => (client: RequestClient) =>
      client.query({ text: 'insert into app.note values ($1)', values: [text] })
    await pool.withPgClient(asVisitor(), insert('kept'))
    const failed = pool.withPgClient(asVisitor(), async (client) => {
      await insert('undone')(client)
      throw new Error('changed my mind')
    })
    await expect(failed).rejects.toThrow('changed my mind')
    await pool.withPgClient(asVisitor(), async (client) => {
      await insert('kept too')(client)
      const inner = client.withTransaction(async (savepoint) => {
        await insert('undone')(savepoint)
        await savepoint.query({ text: 'select 1 / 0' })
      })
      await expect(inner).rejects.toMatchObject({ code: '22012' })
    })
    const { rows } = await pool.withPgClient(asVisitor(), (client) =>
      client.query({ text: 'select text from app.note' }),
    )
    expect(rows).toEqual([{ text: 'kept' }, { text: 'kept too' }])
  })

  test('a failure that the work swallows is not taken for success', async () => {
    const pool = makePool()
    const swallowed = pool.withPgClient(asVisitor(), async (client) => {
      await client.query({ text: 'select 1 / 0' }).catch(() => undefined)
    })
    await expect(swallowed).rejects.toThrow('division by zero')
    expect((await pool.withPgClient(asVisitor(), whoIs))?.who).toBe(database().names.anonymous)
  })
})

describe('a role or setting that is not one', () => {
  test.each(['x"; reset role; --', '', 'Sales', 'a-b', 'postgres ', "x'"])(
    '%j is refused before anything is sent',
    async (role) => {
      await expect(makePool().withPgClient({ role }, whoIs)).rejects.toThrow('A request needs a role')
    },
  )

  test('a connection that ends behind a savepoint is told apart from a refusal there, because all may be done again', async () => {
    const settings = await asSales()
    const failureOf = async (work: (inner: RequestClient) => Promise<unknown>) => {
      const transaction = makePool().begin(settings, { access: 'write' })
      const asking = transaction.withPgClient(settings, (client) => client.withTransaction(work))
      await expect(asking).rejects.toThrow()
      await transaction.end({ isKept: false }).catch(() => undefined)
      return transaction.failure
    }
    expect(await failureOf((inner) => inner.query({ text: 'select 1 / 0' }))).toBeUndefined()
    const ended = await failureOf(async (inner) => {
      await inner.query({ text: "set local idle_in_transaction_session_timeout = '1ms'" })
      for (;;) {
        await sleep(20)
        await inner.query({ text: 'select 1' })
      }
    })
    expect(isLost(ended)).toBe(true)
  })

  test('names of settings are ours alone', async () => {
    for (const name of ['search_path', 'rowhouse.x; reset role', 'session_authorization', 'statement_timeout']) {
      await expect(makePool().withPgClient({ ...asVisitor(), [name]: 'x' }, whoIs)).rejects.toThrow(
        'is not the name of a setting',
      )
    }
  })

  test('values are data, whatever they hold', async () => {
    const pool = makePool()
    for (const value of [`'; reset role; --`, '$1', '\\', '","role","postgres', ':OWNER', '💥', '\u0001', 'a\nb']) {
      const sales = await asSales({ 'rowhouse.claim_region': value })
      expect(await pool.withPgClient(sales, whoIs)).toEqual({ who: sales.role, claim: value })
    }
  })

  test('a role that is not there, or that the login may not become, is FORBIDDEN, and its statement does not run', async () => {
    const pool = makePool()
    for (const role of ['no_such_role', database().names.owner, database().names.private, 'pg_read_all_data']) {
      for (const name of [undefined, 'who']) {
        const query = { text: whoText, ...(name === undefined ? {} : { name }) }
        const asked = pool.withPgClient({ ...asVisitor(), role }, (client) => client.query(query))
        await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' })
      }
    }
    expect((await pool.withPgClient(asVisitor(), whoIs))?.who).toBe(database().names.anonymous)
  })

  test('mayBecome says so beforehand', async () => {
    const pool = makePool()
    expect(await pool.mayBecome((await asSales()).role)).toBe(true)
    expect(await pool.mayBecome('no_such_role')).toBe(false)
    expect(await pool.mayBecome(database().names.owner)).toBe(false)
  })
})

describe('a connection', () => {
  test('that is killed in the middle is not used again', async () => {
    const lost: Error[] = []
    const pool = makePool({ onError: (error: Error) => lost.push(error) })
    const killed = pool.withPgClient(asVisitor(), async (client) => {
      const { rows } = await client.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' })
      await database().migrator.query('select pg_terminate_backend($1)', [rows[0]?.pid])
      await client.query({ text: 'select 1' })
    })
    await expect(killed).rejects.toThrow()
    expect((await pool.withPgClient(asVisitor(), whoIs))?.who).toBe(database().names.anonymous)
  })

  test('whose plans were broken by a change of the database is left behind', async () => {
    await database().asOwner(async (client) => {
      await client.query(`create table app.shifting (value integer); grant select on app.shifting to public`)
      await client.query(`grant usage on schema app to public`)
    })
    const pool = makePool()
    const read = () =>
      pool.withPgClient(asVisitor(), (client) => client.query({ text: 'select * from app.shifting', name: 'shifting' }))
    for (let i = 0; i < 3; i++) await read()
    await database().asOwner((client) => client.query('alter table app.shifting alter value type text'))
    await expect(read()).rejects.toMatchObject({ code: '0A000' })
    expect((await read()).rows).toEqual([])
  })

  test('is cut off by the statement timeout, and serves the next caller', async () => {
    const pool = makePool({ statementTimeoutMs: 50 })
    for (const name of [undefined, 'sleep']) {
      const query = { text: 'select pg_sleep(5)', ...(name === undefined ? {} : { name }) }
      await expect(pool.withPgClient(asVisitor(), (client) => client.query(query))).rejects.toMatchObject({
        code: '57014',
      })
    }
    expect((await pool.withPgClient(asVisitor(), whoIs))?.who).toBe(database().names.anonymous)
  })

  test('that nobody gives back in time is TIMEOUT for those who wait', async () => {
    const pool = makePool({ connectTimeoutMs: 1000 })
    await pool.withPgClient(asVisitor(), async (client) => {
      await client.query({ text: 'select 1' })
      await expect(pool.withPgClient(asVisitor(), whoIs)).rejects.toMatchObject({ code: 'TIMEOUT' })
    })
  })

  test('keeps a bounded number of prepared statements, whatever callers send', async () => {
    const pool = makePool()
    const sales = await asSales()
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 260; i++) {
        await pool.withPgClient(sales, (client) => client.query({ text: `select ${i} as n`, name: `n${i}` }))
      }
    }
    for (let i = 0; i < 260; i++) {
      for (let again = 0; again < 2; again++) {
        await pool.withPgClient(sales, (client) => client.query({ text: `select ${i} as m`, name: `m${i}` }))
      }
    }
    const { rows } = await pool.withPgClient(sales, (client) =>
      client.query<{ n: string }>({ text: 'select count(*) as n from pg_prepared_statements' }),
    )
    expect(Number(rows[0]?.n)).toBeLessThanOrEqual(200 + Object.keys(sessionStatements).length)
  })

  test('a recycled pool goes on with new ones', async () => {
    const pool = makePool()
    const pid = async () => {
      const { rows } = await pool.withPgClient(asVisitor(), (client) =>
        client.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' }),
      )
      return rows[0]?.pid
    }
    const before = await pid()
    pool.recycle()
    expect(await pid()).not.toBe(before)
  })

  test('who waits for a connection while the pool is recycled gets one', async () => {
    const pool = makePool({ max: 1 })
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const one = pool.withPgClient(asVisitor(), async (client) => {
      await client.query({ text: 'select 1' })
      await held
    })
    const others = [1, 2, 3].map((number) =>
      pool.withPgClient(asVisitor(), (client) => client.query<{ n: number }>({ text: `select ${number} as n` })),
    )
    pool.recycle()
    release()
    await one
    expect((await Promise.all(others)).map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3])
    await pool.close()
  })
})
