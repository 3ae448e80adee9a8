import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { printSdl } from '../../../server/graphql/print-sdl.ts'
import type { Answer } from '../client.ts'
import type { Who } from '../graphql/support-links.ts'
import { acme, ann, as, boss, clerk, globex, useDesk } from './desk.ts'

const server = useDesk()

const update = `mutation ($id: UUID!, $at: Datetime, $patch: TicketPatch!, $key: String) {
  updateTicket(input: { id: $id, ifUpdatedAt: $at, patch: $patch, idempotencyKey: $key }) { id ticket { title updatedAt } }
}`
const gone = (verb: string) =>
  `mutation ($id: UUID!, $at: Datetime) { ${verb}Ticket(input: { id: $id, ifUpdatedAt: $at }) { id } }`
const verbs = ['update', 'delete', 'remove'] as const

interface Read {
  readonly id: string
  readonly updatedAt: string
}

// biome-ignore lint/suspicious/noExplicitAny: rows of any shape
async function see(text: string, values: readonly unknown[] = []): Promise<any[]> {
  return (await server().database.asOwner((client) => client.query(text, [...values]))).rows
}

async function make(title = 'Read', who = clerk, more: object = {}): Promise<Read> {
  const text =
    'mutation ($ticket: TicketInput!) { createTicket(input: { ticket: $ticket }) { ticket { id updatedAt } } }'
  const { data } = await server().askAs(who, text, { ticket: { title, ...more } })
  return data.createTicket.ticket
}

function ask(who: Who, verb: (typeof verbs)[number], { id, updatedAt: at }: Read, title = 'Changed'): Promise<Answer> {
  return server().askAs(
    who,
    verb === 'update' ? update : gone(verb),
    verb === 'update' ? { id, at, patch: { title } } : { id, at },
  )
}

const codeOf = ({ errors }: Answer) => errors[0]?.extensions.code ?? 'done'
const titleOf = async (id: string) => (await see('select title, deleted_at from app.ticket where id = $1', [id]))[0]

describe('a change of a row as it was read', () => {
  test.each(verbs)('is done: %s', async (verb) => {
    const row = await make()
    expect(codeOf(await ask(clerk, verb, row))).toBe('done')
    const left = await titleOf(row.id)
    if (verb === 'update') expect(left.title).toBe('Changed')
    if (verb === 'remove') expect(left.deleted_at).not.toBeNull()
    if (verb === 'delete') expect(left).toBeUndefined()
  })

  test.each(verbs)('is STALE where somebody changed it since, and does nothing: %s', async (verb) => {
    const row = await make()
    await ask(boss, 'update', row, 'Meanwhile')
    const answer = await ask(clerk, verb, row)
    expect(answer.errors).toMatchObject([
      { message: 'The row was changed since it was read.', extensions: { code: 'STALE', fields: ['ifUpdatedAt'] } },
    ])
    expect(await titleOf(row.id)).toEqual({ title: 'Meanwhile', deleted_at: null })
  })

  test('says when it was changed to the microsecond, and takes that back', async () => {
    for (const fraction of ['.123456', '.000001', '.9', '', '.100000']) {
      const id = randomUUID()
      const at = `2026-03-29 01:30:00${fraction}+00`
      await see('insert into app.ticket (tenant_id, id, title, updated_at) values ($1, $2, $3, $4)', [
        acme,
        id,
        'µ',
        at,
      ])
      const { data } = await server().askAs(clerk, `{ ticket(id: "${id}") { updatedAt } }`)
      expect(codeOf(await ask(clerk, 'update', { id, updatedAt: data.ticket.updatedAt })), at).toBe('done')
      expect(codeOf(await ask(clerk, 'update', { id, updatedAt: data.ticket.updatedAt })), at).toBe('STALE')
    }
  })

  test('is compared in UTC where the column has no zone', async () => {
    const made = await server().askAs(
      clerk,
      'mutation { createStamp(input: { stamp: { text: "s" } }) { stamp { id updatedAt } } }',
    )
    const { id, updatedAt } = made.data.createStamp.stamp
    const change = (at: string) =>
      server().askAs(
        clerk,
        'mutation ($id: UUID!, $at: Datetime) { updateStamp(input: { id: $id, ifUpdatedAt: $at, patch: { text: "t" } }) { stamp { updatedAt } } }',
        { id, at },
      )
    const elsewhere = `${new Date(Date.parse(updatedAt) + 5_400_000).toISOString().slice(0, 19)}${/\.\d+/.exec(updatedAt)?.[0] ?? ''}+01:30`
    const changed = await change(elsewhere)
    expect(codeOf(changed)).toBe('done')
    expect(codeOf(await change(updatedAt))).toBe('STALE')
    const remove = (at: string) =>
      server().askAs(
        clerk,
        'mutation ($id: UUID!, $at: Datetime) { removeStamp(input: { id: $id, ifUpdatedAt: $at }) { id } }',
        { id, at },
      )
    expect(codeOf(await remove(updatedAt))).toBe('STALE')
    expect(codeOf(await remove(changed.data.updateStamp.stamp.updatedAt))).toBe('done')
  })

  test('is told apart from one of the same transaction', async () => {
    const { id, updatedAt } = await make()
    const part = (alias: string) =>
      `${alias}: updateTicket(input: { id: "${id}", ifUpdatedAt: "${updatedAt}", patch: { title: "${alias}" } }) { id }`
    const { data, errors } = await server().askAs(clerk, `mutation { ${part('a')} ${part('b')} }`)
    expect(data).toBeNull()
    expect(errors.map(({ extensions }) => extensions.code).sort()).toEqual(['ROLLED_BACK', 'STALE'])
    const free = `mutation { a: updateTicket(input: { id: "${id}", patch: { title: "a" } }) { ticket { updatedAt } }
      b: updateTicket(input: { id: "${id}", patch: { title: "b" } }) { ticket { updatedAt } } }`
    const both = await server().askAs(clerk, free)
    expect(both.data.b.ticket.updatedAt > both.data.a.ticket.updatedAt).toBe(true)
  })

  test('is asked for by nobody who leaves it out', async () => {
    const row = await make()
    await ask(boss, 'update', row, 'Meanwhile')
    expect(codeOf(await server().askAs(clerk, update, { id: row.id, patch: { title: 'Mine' } }))).toBe('done')
    expect(codeOf(await server().askAs(clerk, update, { id: row.id, at: null, patch: { title: 'Mine' } }))).toBe('done')
  })

  test('answered once is answered again under its key, not STALE', async () => {
    const { id, updatedAt: at } = await make()
    const given = { id, at, patch: { title: 'Keyed' }, key: randomUUID() }
    const first = await server().askAs(clerk, update, given)
    expect((await server().askAs(clerk, update, given)).data).toEqual(first.data)
    expect(codeOf(await server().askAs(clerk, update, { ...given, key: randomUUID() }))).toBe('STALE')
  })
})

describe('of changes at once from one reading', () => {
  test('one is kept, the others are STALE', async () => {
    const row = await make()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(clerk, 'update', row, `By ${n}`)))
    const codes = answers.map(codeOf)
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(codes.filter((code) => code === 'STALE')).toHaveLength(7)
  })

  test.each(['update', 'delete', 'remove'] as const)(
    'one that waits for another is STALE behind it: %s',
    async (verb) => {
      const row = await make()
      const first = { roles: ['boss'], tenant: acme, actor: ann }
      const { waiting } = await server().database.asActor(first, async (client) => {
        await client.query('update app.ticket set title = $2 where id = $1', [row.id, 'First'])
        const waiting = ask(clerk, verb, row)
        await waitsForLock()
        return { waiting }
      })
      const answer = await waiting
      expect(codeOf(answer)).toBe('STALE')
      expect(await titleOf(row.id)).toEqual({ title: 'First', deleted_at: null })
    },
  )
})

/** Asked as the login of requests, which may see what it waits for whatever the server. */
async function waitsForLock(): Promise<void> {
  const { database } = server()
  const login = await database.connect(database.loginUrl)
  const text =
    "select count(*)::integer as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  try {
    for (let n = 0; n === 0; ) n = (await login.query<{ n: number }>(text)).rows[0]!.n
  } finally {
    await login.end()
  }
}

describe('a row out of sight', () => {
  test.each(verbs)('is NOT_FOUND whatever is expected of it: %s', async (verb) => {
    const hidden = await make('Hidden', boss, { secret: true })
    const foreign = await make('Foreign', as(['clerk'], ann, globex))
    const removed = await make('Removed')
    await ask(clerk, 'remove', removed)
    const absent = { id: randomUUID(), updatedAt: removed.updatedAt }
    for (const row of [hidden, foreign, removed, absent])
      for (const updatedAt of [row.updatedAt, '2020-01-01T00:00:00Z']) {
        const { errors } = await ask(clerk, verb, { id: row.id, updatedAt })
        expect(errors).toMatchObject([{ message: 'There is no such row.', extensions: { code: 'NOT_FOUND' } }])
        expect(Object.keys(errors[0]!.extensions)).toEqual(['code'])
      }
  })
})

describe('the API', () => {
  test('has it where rows know when they were changed, and can be read', () => {
    const sdl = printSdl(server().model)
    const fields = (name: string) => new RegExp(`input ${name} \\{([^}]*)\\}`).exec(sdl)![1]
    for (const name of ['UpdateTicketInput', 'DeleteTicketInput', 'RemoveTicketInput', 'UpdateCountryInput'])
      expect(fields(name), name).toMatch(/ifUpdatedAt: Datetime\n/)
    for (const name of ['CreateTicketInput', 'RestoreTicketInput', 'LinkTicketTagsInput', 'UpdateLedgerInput'])
      expect(fields(name), name).not.toContain('ifUpdatedAt')
  })
})

describe('many rows', () => {
  const write = (verb: string, items: readonly object[], told: object = {}) =>
    server().database.asActor({ roles: ['clerk'], tenant: acme, actor: ann }, async (client) => {
      const text = "select rowhouse.write_rows($1, 'app.ticket', $2, $3) as answer"
      const { rows } = await client.query(text, [verb, JSON.stringify(items), JSON.stringify(told)])
      return rows[0].answer as { keys?: unknown; faults?: { index: number; detail: string }[] }
    })
  const removal = { function: 'remove_ticket', key: ['id', ''] }

  test.each([
    ['update', {}],
    ['update', { inTurn: true }],
    ['delete', {}],
    ['delete', { inTurn: true }],
    ['remove', removal],
  ])('are each compared: %s %j', async (verb, told) => {
    const rows = await Promise.all(['a', 'b', 'c'].map((title) => make(title)))
    const item = ({ id, updatedAt }: Read, at: unknown = updatedAt) => ({
      key: { id, ...(at === null ? {} : { '': verb === 'remove' ? at : { updated_at: at } }) },
      ...(verb === 'update' ? { columns: { title: 'Many' } } : {}),
    })
    const old = '2020-01-01T00:00:00Z'
    const refused = await write(verb, [item(rows[0]!), item(rows[1]!, old), item(rows[2]!, old)], told)
    expect(refused.faults).toMatchObject([
      { index: 1, detail: 'stale' },
      { index: 2, detail: 'stale' },
    ])
    expect((await write(verb, [item(rows[0]!), item(rows[1]!), item(rows[2]!, null)], told)).faults).toBeUndefined()
  })
})
