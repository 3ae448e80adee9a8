import { randomUUID } from 'node:crypto'
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { createGraphqlSchema } from '../../../server/graphql/create-graphql-schema.ts'
import { hashInput } from '../../../server/graphql/idempotency/request-key.ts'
import type { Answer } from '../client.ts'
import type { Who } from '../graphql/support-links.ts'
import { acme, ann, as, blue, bob, boss, clerk, globex, red, temp, useDesk } from './desk.ts'

const server = useDesk()

const create = `mutation ($key: String, $ticket: TicketInput!, $cm: String) {
  createTicket(input: { idempotencyKey: $key, ticket: $ticket, clientMutationId: $cm }) { id clientMutationId ticket { title } }
}`

function make(who: Who, key: string | null, ticket: object = { title: 'One' }, cm?: string): Promise<Answer> {
  return server().askAs(who, create, { key, ticket, cm })
}

const codes = ({ errors }: Answer) => errors.map(({ extensions }) => extensions.code)

// biome-ignore lint/suspicious/noExplicitAny: rows of any shape
async function see(text: string, values: readonly unknown[] = []): Promise<any[]> {
  return (await server().database.asOwner((client) => client.query(text, [...values]))).rows
}

async function titled(title: string): Promise<number> {
  return (await see('select count(*)::integer as n from app.ticket where title = $1', [title]))[0].n
}

describe('the same key', () => {
  test('and input do it once and answer the same', async () => {
    const key = randomUUID()
    const first = await make(clerk, key, { title: 'Once' }, 'a')
    const second = await make(clerk, key, { title: 'Once' }, 'b')
    expect(first.errors).toEqual([])
    expect(second.errors).toEqual([])
    const { id } = first.data.createTicket
    expect(second.data.createTicket).toEqual({ id, ticket: { title: 'Once' }, clientMutationId: 'b' })
    expect(await titled('Once')).toBe(1)
  })

  test('with other input is CONFLICT, and does nothing', async () => {
    const key = randomUUID()
    const { data } = await make(clerk, key, { title: 'Mine' })
    const others = [
      await make(clerk, key, { title: 'Other' }),
      await make(clerk, key, { title: 'Mine', secret: null }),
      await server().askAs(
        clerk,
        'mutation ($key: String!, $id: UUID!) { deleteTicket(input: { idempotencyKey: $key, id: $id }) { id } }',
        { key, id: data.createTicket.id },
      ),
    ]
    for (const { data: none, errors } of others) {
      expect(Object.values(none)).toEqual([null])
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', fields: ['idempotencyKey'] } }])
    }
    expect(await titled('Mine')).toBe(1)
    expect(await titled('Other')).toBe(0)
  })

  test('is one input however it is written', async () => {
    const key = randomUUID()
    const literal = await server().askAs(
      clerk,
      `mutation { made: createTicket(input: { ticket: { secret: false, title: "Written" }, idempotencyKey: "${key}" }) { id } }`,
    )
    const bound = await make(clerk, key, { title: 'Written', secret: false })
    expect(bound.data.createTicket.id).toBe(literal.data.made.id)
  })

  test('of others is theirs: another caller, another tenant', async () => {
    const key = 'order-1'
    const ids = await Promise.all(
      [clerk, as(['clerk'], bob), as(['clerk'], ann, globex), as(['clerk'], bob, globex)].map(
        async (who) => (await make(who, key, { title: 'Shared key' })).data.createTicket.id,
      ),
    )
    expect(new Set(ids).size).toBe(4)
    const again = await make(as(['boss'], ann, acme), key, { title: 'Shared key' })
    expect(again.data.createTicket.id).toBe(ids[0])
  })

  test('from ten at once makes one row and one answer', async () => {
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 10 }, () => make(clerk, key, { title: 'Ten' })))
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
    expect(new Set(answers.map(({ data }) => data.createTicket.id)).size).toBe(1)
    expect(await titled('Ten')).toBe(1)
  })

  test('twice in one request makes one row; two keys make two', async () => {
    const [one, two] = [randomUUID(), randomUUID()]
    const part = (alias: string, key: string, title = 'Twice') =>
      `${alias}: createTicket(input: { idempotencyKey: "${key}", ticket: { title: "${title}" } }) { id ticket { title } }`
    const request = `mutation { ${part('a', one)} ${part('b', one)} ${part('c', two)} }`
    const { data, errors } = await server().askAs(clerk, request)
    expect(errors).toEqual([])
    expect(data.b).toEqual(data.a)
    expect(data.c.id).not.toBe(data.a.id)
    expect(await titled('Twice')).toBe(2)
    expect((await server().askAs(clerk, request)).data).toEqual(data)
    const differing = await server().askAs(
      clerk,
      `mutation { ${part('a', randomUUID(), 'Kept?')} ${part('b', one, 'Else')} }`,
    )
    expect(differing.data).toBeNull()
    expect(codes(differing).sort()).toEqual(['CONFLICT', 'ROLLED_BACK'])
    expect(await titled('Kept?')).toBe(0)
  })
})

describe('a change that fails', () => {
  test('leaves no record: the key may come again, with other input too', async () => {
    const key = randomUUID()
    await make(clerk, null, { title: 'Taken', code: 'T1' })
    const taken = await make(clerk, key, { title: 'Try', code: 'T1' })
    expect(codes(taken)).toEqual(['CONFLICT'])
    expect(await see('select 1 from rowhouse.answer where answer is null')).toEqual([])
    const free = await make(clerk, key, { title: 'Try', code: 'T2' })
    expect(free.errors).toEqual([])
  })

  test('below it leaves none either', async () => {
    const key = randomUUID()
    const note = `mutation ($key: String!) { createNote(input: { idempotencyKey: $key, note: { text: "n" } }) { id note { text } } }`
    const before = await see('select count(*)::integer as n from rowhouse.answer')
    expect(codes(await server().askAs(clerk, note, { key }))).toEqual(['FORBIDDEN'])
    expect(await see('select count(*)::integer as n from rowhouse.answer')).toEqual(before)
    const idOnly = await server().askAs(clerk, note.replace('note { text } }', '}'), { key })
    expect(idOnly.errors).toEqual([])
    expect(await see('select count(*)::integer as n from app.note')).toEqual([{ n: 1 }])
  })

  test('and the same key beside it is told that nothing is kept', async () => {
    const key = randomUUID()
    const part = (alias: string) =>
      `${alias}: updateTicket(input: { idempotencyKey: "${key}", id: "${randomUUID()}", patch: {} }) { id }`
    const same = part('x').replace('x: ', '')
    const { data, errors } = await server().askAs(clerk, `mutation { a: ${same} b: ${same} }`)
    expect(data).toBeNull()
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION', 'ROLLED_BACK'])
  })
})

describe('an answer given again', () => {
  test('shows the row as the caller may read it now', async () => {
    const key = randomUUID()
    const { data } = await make(clerk, key, { title: 'Before' })
    const { id } = data.createTicket
    await see("update app.ticket set title = 'After' where id = $1", [id])
    expect((await make(clerk, key, { title: 'Before' })).data.createTicket.ticket).toEqual({ title: 'After' })
    await see('update app.ticket set secret = true where id = $1', [id])
    const hidden = await make(clerk, key, { title: 'Before' })
    expect(hidden.errors).toEqual([])
    expect(hidden.data.createTicket).toMatchObject({ id, ticket: null })
    expect((await make(boss, key, { title: 'Before' })).data.createTicket.ticket).toEqual({ title: 'After' })
  })
})

/** Requests of each kind, with what they need; the key goes in as `$key`. */
async function kinds(): Promise<readonly (readonly [name: string, input: object])[]> {
  const ticket = (await make(clerk, null, { title: 'Kind' })).data.createTicket.id
  const other = (await make(clerk, null, { title: 'Other kind' })).data.createTicket.id
  const step = async (text: string) => {
    const made = await server().askAs(
      clerk,
      'mutation ($step: StepInput!) { createStep(input: { step: $step }) { id } }',
      { step: { text, ticketId: ticket } },
    )
    return made.data.createStep.id as string
  }
  await step('first')
  const second = await step('second')
  return [
    ['createTicket', { ticket: { title: 'By kind', tagIds: [red] } }],
    ['createCountry', { country: { iso: 'AT', name: 'Austria' } }],
    ['updateCountry', { iso: 'AT', patch: { name: 'Österreich' } }],
    ['updateTicket', { id: ticket, patch: { title: 'Changed' } }],
    ['linkTicketTags', { ticketId: ticket, tagIds: [red, blue] }],
    ['unlinkTicketTags', { ticketId: ticket, tagIds: [red] }],
    ['moveStep', { id: second, to: 1 }],
    ['removeTicket', { id: ticket }],
    ['restoreTicket', { id: ticket }],
    ['deleteTicket', { id: other }],
    ['createTickets', { tickets: [{ title: 'Many', tagIds: [red] }, { title: 'More' }] }],
    ['updateTickets', { tickets: [{ id: ticket, patch: { title: 'Changed by many' } }] }],
    ['removeTickets', { ids: [ticket] }],
    ['restoreTickets', { ids: [ticket] }],
    ['upsertTicket', { by: 'CODE', ticket: { title: 'Up', code: 'U1' } }],
    [
      'upsertTickets',
      {
        by: 'CODE',
        tickets: [
          { title: 'Up again', code: 'U1' },
          { title: 'Anew', code: 'U2' },
        ],
      },
    ],
    ['deleteTickets', { ids: [ticket] }],
  ]
}

describe('every mutation', () => {
  test('of each kind is done once', async () => {
    for (const [name, input] of await kinds()) {
      const own = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`
      const type = 'ids' in input ? 'RowIdsInput!' : own
      const text = `mutation ($input: ${type}) { ${name}(input: $input) { __typename ${shown(name)} } }`
      const given = { input: { ...input, idempotencyKey: randomUUID() } }
      const first = await server().askAs(clerk, text, given)
      expect(first.errors, name).toEqual([])
      const xids = await writes()
      const second = await server().askAs(clerk, text, given)
      expect(second.errors, name).toEqual([])
      expect(second.data, name).toEqual(first.data)
      expect(await writes(), name).toEqual(xids)
    }
  })

  test('takes a key, and looks at it', async () => {
    const { schema } = createGraphqlSchema(server().model)
    const fields = Object.values(schema.getMutationType()!.getFields())
    expect(fields.length).toBeGreaterThan(20)
    for (const { name, args } of fields) {
      const input = getNamedType(args[0]!.type) as GraphQLInputObjectType
      expect(Object.keys(input.getFields()), name).toContain('idempotencyKey')
      const needed = Object.values(input.getFields()).filter(({ type }) => String(type).endsWith('!'))
      const given = Object.fromEntries(needed.map((field) => [field.name, exampleOf(schema, String(field.type))]))
      const text = `mutation ($input: ${input.name}!) { ${name}(input: $input) { __typename } }`
      const answer = await server().askAs(boss, text, { input: { ...given, idempotencyKey: 'x'.repeat(201) } })
      expect(answer.errors, name).toMatchObject([
        { extensions: { code: 'VALIDATION', fields: ['idempotencyKey'] }, message: /longer than 200/ as never },
      ])
    }
  })
})

function shown(name: string): string {
  if (/Country$/.test(name)) return 'iso'
  if (/s$/.test(name) && !/link/i.test(name)) return 'ids'
  return /link/i.test(name) ? 'ticket { id }' : 'id'
}

/** A value that GraphQL takes: the key is looked at before any of it. */
function exampleOf(schema: GraphQLSchema, type: string): unknown {
  const name = type.replaceAll(/[[\]!]/g, '')
  const plain: Readonly<Record<string, unknown>> = { UUID: red, String: 'x', Int: 1 }
  const value = plain[name] ?? exampleInput(schema, name)
  return type.startsWith('[') ? [value] : value
}

function exampleInput(schema: GraphQLSchema, name: string): unknown {
  const type = schema.getType(name) as GraphQLInputObjectType | GraphQLEnumType
  if (isEnumType(type)) return type.getValues()[0]!.name
  const fields = type.getFields()
  // An id may be needed though a row that is made with it would do: `ticketId`, beside `ticket`.
  const isNeeded = (name: string) =>
    String(fields[name]!.type).endsWith('!') || (name.endsWith('Id') && fields[name.slice(0, -2)] !== undefined)
  const needed = Object.values(fields).filter(({ name }) => isNeeded(name))
  return Object.fromEntries(needed.map((field) => [field.name, exampleOf(schema, String(field.type))]))
}

/** What changed rows, wherever: the versions of all rows. */
function writes() {
  return see(`select 'ticket' as t, id::text, xmin::text, ctid::text from app.ticket
    union all select 'step', id::text, xmin::text, ctid::text from app.step
    union all select 'country', iso, xmin::text, ctid::text from app.country
    union all select 'tag', ticket_id::text || tag_id, xmin::text, ctid::text from app.tag__ticket__link order by 1, 2`)
}

describe('a key', () => {
  test.each([
    ['', 'is empty'],
    ['x'.repeat(201), 'is longer than 200'],
    ['\ud800', 'holds half of a character'],
  ])('that %j is refused', async (key, fault) => {
    const { errors } = await make(clerk, key)
    expect(errors).toMatchObject([
      { message: `"idempotencyKey" ${fault}.`, extensions: { code: 'VALIDATION', fields: ['idempotencyKey'] } },
    ])
  })

  test('of a visitor is refused, for nobody knows whose it is', async () => {
    const note = 'mutation ($key: String) { createNote(input: { idempotencyKey: $key, note: { text: "v" } }) { id } }'
    const { errors } = await server().ask(note, { key: 'k' }, null)
    expect(errors).toMatchObject([
      {
        message: '"idempotencyKey" is for callers who are signed in.',
        extensions: { code: 'VALIDATION', fields: ['idempotencyKey'] },
      },
    ])
    expect(codes(await server().ask(note, { key: null }, null))).toEqual(['FORBIDDEN'])
  })

  test('may be 200 long, and expires', async () => {
    const key = 'k'.repeat(200)
    const first = (await make(clerk, key, { title: 'Expiring' })).data.createTicket.id
    expect((await make(clerk, key, { title: 'Expiring' })).data.createTicket.id).toBe(first)
    await see("update rowhouse.answer set expires_at = now() - interval '1 second'")
    expect((await make(clerk, key, { title: 'Expiring' })).data.createTicket.id).not.toBe(first)
  })

  test('that expired is swept by whoever comes next, of any tenant', async () => {
    await make(as(['clerk'], bob, globex), randomUUID())
    await see("update rowhouse.answer set expires_at = now() - interval '1 second'")
    await make(clerk, randomUUID())
    const left = await see('select count(*)::integer as n from rowhouse.answer where expires_at <= now()')
    for (let tries = 0; left[0].n > 0 && tries < 10; tries++) {
      await make(clerk, randomUUID())
      left[0] = (await see('select count(*)::integer as n from rowhouse.answer where expires_at <= now()'))[0]
    }
    expect(left).toEqual([{ n: 0 }])
  })
})

describe('what is kept', () => {
  test('is neither the key nor the input, and lasts a day', async () => {
    await see('delete from rowhouse.answer')
    await make(clerk, 'a-very-plain-key', { title: 'a very plain title' })
    const [row, ...more] = await see(
      "select *, answer::text as text, (expires_at - now()) between interval '23 hours' and interval '24 hours' as day from rowhouse.answer",
    )
    expect(more).toEqual([])
    expect(row).toMatchObject({ tenant_id: acme, actor_id: ann, day: true })
    expect(Object.keys(row.answer)).toEqual(['id'])
    expect(row.input_hash).toHaveLength(32)
  })

  test.each([
    'select * from rowhouse.answer',
    'select count(*) from rowhouse.answer',
    "insert into rowhouse.answer (actor_id, key_hash, input_hash, expires_at) values (gen_random_uuid(), '', '', now())",
    "update rowhouse.answer set answer = '{}'",
    'delete from rowhouse.answer',
    'truncate rowhouse.answer',
  ])('is out of reach of every role: %s', async (text) => {
    for (const roles of [['clerk'], ['boss'], []])
      await expect(
        server().database.asActor({ roles, tenant: acme, actor: ann }, (client) => client.query(text)),
      ).rejects.toMatchObject({ code: '42501' })
  })

  test('is asked for by nobody who is not signed in', async () => {
    const text = "select rowhouse_private.begin_once(sha256('a'), array[sha256('b')], interval '1 day')"
    await expect(
      server().database.asActor({ roles: null, tenant: null, actor: null } as never, (client) => client.query(text)),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(
      server().database.asActor({ roles: ['clerk'], tenant: acme, actor: null } as never, (c) => c.query(text)),
    ).rejects.toMatchObject({ code: '42501' })
  })
})

describe('a secret in the input', () => {
  test('counts for the hash, which is as slow to try out as its own', async () => {
    await see('delete from rowhouse.answer')
    const key = randomUUID()
    const first = await make(clerk, key, { title: 'Pinned', pin: '1234' })
    expect(first.errors).toEqual([])
    expect((await make(clerk, key, { title: 'Pinned', pin: '1234' })).data).toEqual(first.data)
    expect(codes(await make(clerk, key, { title: 'Pinned', pin: '4321' }))).toEqual(['CONFLICT'])
  })

  test('is hashed for nobody whom no rule lets write it, unless the key was used', async () => {
    const pinned = { title: 'Temporary', pin: '1234' }
    const plain = await make(temp, null, pinned)
    expect(codes(plain)).toEqual(['FORBIDDEN'])
    const key = randomUUID()
    expect((await make(temp, key, pinned)).errors).toEqual(plain.errors)
    // Whoever could write it then, and cannot now, gets the answer of then.
    const first = await make(clerk, key, pinned)
    expect(first.errors).toEqual([])
    expect((await make(temp, key, pinned)).data).toEqual(first.data)
    expect(codes(await make(temp, key, { ...pinned, pin: '4321' }))).toEqual(['CONFLICT'])

    const given = { mutation: 'createTicket', input: { ticket: pinned }, hasSecret: true, mayWriteSecret: false }
    const [once, again] = [await hashInput(key, given, null), await hashInput(key, given, null)]
    expect(once.inputHashes, 'of nothing').not.toEqual(again.inputHashes)
    expect(await once.slowly?.()).toEqual((await hashInput(key, { ...given, mayWriteSecret: true }, null)).inputHashes)
  })

  test('is not hashed for a key where the input is refused anyway', async () => {
    const many = Array.from({ length: 21 }, (_, at) => ({ title: `T${at}`, pin: 'x' }))
    const query = 'mutation ($input: CreateTicketsInput!) { createTickets(input: $input) { ids } }'
    const { errors } = await server().askAs(clerk, query, { input: { tickets: many, idempotencyKey: randomUUID() } })
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT' } }])
  })
})
