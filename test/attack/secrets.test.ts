import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { acme, ann, foreign, globex, keys, locked, news, open, seededPin, useVault } from '../secrets/vault.ts'
import { serveApp } from '../support/served-app.ts'
import { recordStatements } from '../support/statement-recorder.ts'

const vault = useVault()
const roles = ['keeper', 'clerk', 'desk', 'guest'] as const

interface NamedType {
  readonly name: string
  readonly fields: readonly { readonly name: string }[] | null
  readonly inputFields: readonly { readonly name: string }[] | null
  readonly enumValues: readonly { readonly name: string }[] | null
}

const update =
  'mutation ($id: UUID!, $patch: AccountPatch!) { updateAccount(input: { id: $id, patch: $patch }) { account { number pinIsSet } } }'

/** SQLSTATE of what a role may not do; `none` where it may. */
async function refused(role: string | null, text: string, values: readonly unknown[] = []): Promise<string> {
  const who = { roles: role === null ? null : [role], tenant: acme, actor: ann }
  return await vault()
    .server.database.asActor(who, (client) => client.query(text, [...values]))
    .then(
      () => 'none',
      (error: { readonly code: string }) => error.code,
    )
}

describe('what is kept of a secret', () => {
  test.each([
    'select * from rowhouse.secret',
    'select mark from rowhouse.secret',
    'select count(*) from rowhouse.secret',
    "insert into rowhouse.secret (mark, entity, field, sealed) values (gen_random_uuid(), 'Account', 'pin', 'x')",
    "update rowhouse.secret set sealed = 'x'",
    'delete from rowhouse.secret',
    'truncate rowhouse.secret',
    'copy rowhouse.secret to stdout',
    'select rowhouse_private.keep_secrets_account()',
    'select rowhouse_private.drop_secrets_account()',
    'create temporary table mine (pin text references rowhouse.secret (mark))',
  ])('is out of reach of every role: %s', async (text) => {
    for (const role of [...roles, null]) expect(await refused(role, text), String(role)).toMatch(/^42501$|^42P16$/)
  })

  test('is granted to nobody but the role of definer functions', async () => {
    const { names } = vault().server.database
    const granted = await vault().rows(
      `select distinct grantee, privilege_type as what from information_schema.role_table_grants
       where table_schema = 'rowhouse' and table_name = 'secret' and grantee <> $1 order by 1, 2`,
      [names.owner],
    )
    expect(granted).toEqual(['DELETE', 'INSERT', 'SELECT'].map((what) => ({ grantee: names.private, what })))
    const readers = await vault().rows(
      `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('app', 'rowhouse', 'rowhouse_private') and strpos(p.prosrc, 'rowhouse.secret') > 0
         and p.proname !~ '^(keep|drop)_secrets_'`,
    )
    expect(readers).toEqual([])
  })

  test('stands in no table that a caller may read, nor in any other', async () => {
    const { sealed } = await vault().kept('account', 'pin', `t.id = '${locked}'`)
    const { sealed: other } = await vault().kept('account', 'token', `t.id = '${locked}'`)
    const tables = await vault().rows(
      `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname in ('app', 'rowhouse') and c.relname <> 'secret'`,
    )
    expect(tables.length).toBeGreaterThan(5)
    for (const { schema, name } of tables) {
      const text = `select count(*)::int as found from ${schema}."${name}" t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0 or strpos(t::text, $3) > 0`
      expect(await vault().rows(text, [sealed, other, seededPin]), `${schema}.${name}`).toEqual([{ found: 0 }])
    }
  })
})

describe('SQL by hand', () => {
  const sealed = (mark: string) => `${mark}:$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA`

  test('stores no plain text', async () => {
    for (const value of ['1234', '$argon2id$x', `${globex}:1234`, `${globex}:$argon2id$`, sealed('x')]) {
      expect(await refused('desk', `update app.account set pin = $2 where id = $1`, [locked, value])).toBe('22023')
      expect(await refused('keeper', `insert into app.account (number, pin) values ('H', $1)`, [value])).toBe('22023')
    }
  })

  test('takes no mark of another row, and no value that is kept already', async () => {
    const { mark } = await vault().kept('account', 'pin', `t.id = '${locked}'`)
    expect(await refused('keeper', 'update app.account set pin = $2 where id = $1', [open, mark])).toBe('22023')
    expect(await refused('keeper', "insert into app.account (number, pin) values ('H', $1)", [mark])).toBe('22023')
    expect(await refused('keeper', 'update app.account set pin = $2 where id = $1', [open, sealed(mark)])).toBe('23505')
    // The other kind, too.
    expect(await refused('keeper', 'update app.account set token = $2 where id = $1', [open, sealed(globex)])).toBe(
      '22023',
    )
  })

  test('cannot put a secret into a row that it may not change by way of a conflict', async () => {
    const before = await vault().kept('account', 'pin', `t.id = '${locked}'`)
    const text = "insert into app.account (number, pin) values ('A', $1) on conflict do nothing"
    await refused('keeper', text, [sealed('00000000-0000-4000-8000-0000000000aa')])
    expect(await vault().kept('account', 'pin', `t.id = '${locked}'`)).toEqual(before)
  })

  test('deletes no secret of a row that stays', async () => {
    const before = await vault().kept('account', 'pin', `t.id = '${locked}'`)
    for (const role of ['clerk', 'guest']) {
      await refused(role, 'delete from app.account where id = $1', [locked])
      await refused(role, 'update app.account set pin = null where id = $1', [locked])
    }
    await refused('keeper', 'delete from app.account where id = $1', [foreign])
    expect(await vault().kept('account', 'pin', `t.id = '${locked}'`)).toEqual(before)
    expect(await vault().kept('account', 'pin', `t.id = '${foreign}'`)).toBeDefined()
  })

  test('reads nothing but marks, and shows none in an error', async () => {
    const plain = 'update app.account set number = null where id = $1'
    const told = await vault()
      .query(['keeper'], plain, [locked])
      .then(
        () => ({}),
        (error: pg.DatabaseError) => ({ message: error.message, detail: error.detail, where: error.where }),
      )
    expect(JSON.stringify(told)).toContain('number')
    expect(JSON.stringify(told)).not.toContain('argon2id')
    const { rows } = await vault().query(['keeper'], 'select pin, token from app.account where id = $1', [locked])
    for (const mark of Object.values(rows[0])) expect(mark).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('the API', () => {
  test('knows no field, filter, order, group or aggregate that says a secret', async () => {
    const { __schema } = await vault().data(
      ['keeper'],
      '{ __schema { types { name kind fields { name } inputFields { name } enumValues { name } } } }',
    )
    const named = (__schema.types as readonly NamedType[]).flatMap(({ name, fields, inputFields, enumValues }) => [
      ...(fields ?? []).map((each) => `${name}.${each.name}`),
      ...(inputFields ?? []).map((each) => `${name}(${each.name})`),
      ...(enumValues ?? []).map((each) => `${name} ${each.name}`),
    ])
    const found = new Set(
      named.filter((name) => /\b(pin|token|code|key)\b|PIN|TOKEN|CODE|(pin|token|code|key)IsSet|Pin|Token/.test(name)),
    )
    expect(found).toEqual(
      new Set([
        'Account.pinIsSet',
        'Account.tokenIsSet',
        'AccountFilter(pinIsSet)',
        'AccountFilter(tokenIsSet)',
        'AccountInput(pin)',
        'AccountInput(token)',
        'AccountPatch(pin)',
        'AccountPatch(token)',
        'Channel.tokenIsSet',
        'ChannelFilter(tokenIsSet)',
        'ChannelInput(token)',
        'ChannelPatch(token)',
        'Door.codeIsSet',
        'DoorFilter(codeIsSet)',
        'DoorInput(code)',
        'DoorPatch(code)',
        'Robot.keyIsSet',
        'RobotFilter(keyIsSet)',
        'RobotInput(key)',
        'RobotPatch(key)',
      ]),
    )
  })

  test('says nothing of a value, whatever goes wrong', async () => {
    const secret = 'hushed-4711'
    const answers = [
      await vault().ask(['clerk'], update, { id: locked, patch: { pin: secret } }),
      await vault().ask(['keeper'], update, { id: foreign, patch: { pin: secret } }),
      await vault().ask(['keeper'], update, { id: locked, patch: { pin: secret, number: null } }),
      await vault().ask(['keeper'], update, { id: open, patch: { pin: secret, number: 'A' } }),
      await vault().ask(['keeper'], update, { id: open, patch: { pin: `${secret}${'x'.repeat(5000)}` } }),
      await vault().ask(['keeper'], update, { id: open, patch: { pin: '', token: secret } }),
      await vault().ask(['keeper'], update, { id: 'no uuid', patch: { pin: secret } }),
    ]
    for (const [at, { text, errors }] of answers.entries()) {
      expect(errors.length, String(at)).toBe(1)
      expect(text).not.toContain(secret)
      expect(text).not.toContain('argon2')
    }
    expect(JSON.stringify(vault().server.log)).not.toContain(secret)
  })

  test('changes name the field, and hold nothing of it', async () => {
    await vault().data(['keeper'], update, { id: open, patch: { pin: 'changed-1' } })
    await vault().data(['keeper'], update, { id: open, patch: { pin: 'changed-2' } })
    await vault().data(['keeper'], update, { id: open, patch: { pin: null } })
    const { account } = await vault().data(
      ['keeper'],
      `{ account(id: "${open}") { history { nodes { revision changed } } } }`,
    )
    const changed = account.history.nodes.map(({ changed: names }: { changed: readonly string[] }) => names)
    expect(changed.slice(0, 3)).toEqual([['pin'], ['pin'], ['pin']])
    const columns = await vault().rows(
      `select column_name from information_schema.columns where table_schema = 'app' and table_name = 'account_history' and column_name in ('pin', 'token')`,
    )
    expect(columns).toEqual([])
  })

  test('what is in the row tells a stranger nothing: neither null tests nor rights', async () => {
    const seen = await vault().data(['keeper'], `{ account(id: "${foreign}") { pinIsSet } }`)
    expect(seen.account).toBe(null)
    const rights = `{ can(verb: "update", entity: "Account", ids: ["${locked}"], fields: ["pin"]) { id allowed } }`
    const asked = await vault().ask(['clerk'], rights)
    expect(asked.text).not.toContain('argon2')
    const hidden = await vault().data(['clerk'], `{ channel(id: "${news}") { tokenIsSet } }`)
    expect(hidden.channel).toEqual({ tokenIsSet: null })
  })

  test('browsers hold no null test of a secret against rows that do not have it', async () => {
    const { viewer } = await vault().data(['guest'], '{ viewer { abilities } }')
    expect(JSON.stringify(viewer)).not.toMatch(/"pin":/)
  })
})

test('for a secret that no rule lets the caller write nothing is hashed', async () => {
  const { database, model } = vault().server
  const wire = await recordStatements(database.loginUrl)
  const app = await serveApp(model, { loginUrl: wire.url }, { secretKeys: keys })
  const create = 'mutation ($account: AccountInput!) { createAccount(input: { account: $account }) { account { id } } }'
  const account = { number: 'Z', pin: 'for-nothing' }
  const patch = { pin: 'for-nothing' }
  try {
    for (const roles of [['guest'], ['clerk'], ['guest', 'clerk']]) {
      const who = { sub: ann, tenant: acme, roles }
      for (const asked of [app.ask(who, create, { account }), app.ask(who, update, { id: locked, patch })])
        expect((await asked).errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    }
    expect((await app.ask(null, create, { account })).errors).toHaveLength(1)
    const sent = wire.bytes().toString('latin1')
    expect(sent.includes('$argon2id$v=19$m=8,')).toBe(true)
    expect(sent.includes('$m=19456,')).toBe(false)
    const { errors } = await app.ask({ sub: ann, tenant: acme, roles: ['desk'] }, update, { id: locked, patch })
    expect(errors).toEqual([])
    expect(wire.bytes().includes('$m=19456,')).toBe(true)
  } finally {
    await app.close()
    await wire.close()
  }
})

test('nothing is kept of it where Postgres has newer rules than the server', async () => {
  const { database, model } = vault().server
  const policies = model.policies.map(({ rules, ...policy }) => ({
    ...policy,
    rules: rules.filter(({ title }) => title !== 'the desk sets pins'),
  }))
  const app = await serveApp({ ...model, policies }, database, { secretKeys: keys })
  try {
    const before = await vault().kept('account', 'pin', `t.id = '${locked}'`)
    const variables = { id: locked, patch: { pin: 'too-early' } }
    const { errors } = await app.ask({ sub: ann, tenant: acme, roles: ['desk'] }, update, variables)
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    expect(await vault().kept('account', 'pin', `t.id = '${locked}'`)).toEqual(before)
  } finally {
    await app.close()
  }
})

test('Postgres is never told a plain text', async () => {
  const { database, model } = vault().server
  const wire = await recordStatements(database.loginUrl)
  const app = await serveApp(model, { loginUrl: wire.url }, { secretKeys: keys })
  try {
    const variables = { id: locked, patch: { note: 'loud', pin: 'overheard-1', token: 'overheard-2' } }
    const { errors } = await app.ask({ sub: ann, tenant: acme, roles: ['keeper'] }, update, variables)
    expect(errors).toEqual([])
    const sent = wire.bytes()
    expect(sent.includes('loud')).toBe(true)
    expect(sent.includes('argon2id')).toBe(true)
    expect(sent.includes('overheard')).toBe(false)
    expect(sent.includes(Buffer.from('overheard-2').toString('base64'))).toBe(false)
  } finally {
    await app.close()
    await wire.close()
  }
})
