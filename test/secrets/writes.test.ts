import { describe, expect, test } from 'vitest'
import { readSecretKeys, type SecretKeys } from '#server'
import { cost } from '../../server/secrets/argon2.ts'
import { matchesHash } from '../../server/secrets/hash-secret.ts'
import { revealSecret, type SecretOf, verifySecret } from '../../server/secrets/read-back.ts'
import { acme, keys, locked, news, open, seededPin, seededToken, useVault } from './vault.ts'

const vault = useVault()

const create =
  'mutation ($account: AccountInput!) { createAccount(input: { account: $account }) { account { id number pinIsSet tokenIsSet } } }'
const update =
  'mutation ($id: UUID!, $patch: AccountPatch!) { updateAccount(input: { id: $id, patch: $patch }) { account { pinIsSet tokenIsSet } } }'

/** As a worker of the server would: nobody's role, and a tenant. */
function asPrivate<T>(task: (client: Parameters<typeof verifySecret>[0]) => Promise<T>, tenant = acme): Promise<T> {
  const { database } = vault().server
  return database.asRole(database.names.private, task, { 'rowhouse.tenant_id': tenant })
}

const of = (entity: string, id: string | number, field: string): SecretOf => ({
  model: vault().server.model,
  entity,
  id,
  field,
})
const matches = (id: string, plain: string) =>
  asPrivate((client) => verifySecret(client, of('Account', id, 'pin'), plain))
const reveal = (id: string | number, entity = 'Account', field = 'token', by: SecretKeys = keys) =>
  asPrivate((client) => revealSecret(client, of(entity, id, field), by))

async function made(given: object): Promise<string> {
  return (await vault().data(['keeper'], create, { account: given })).createAccount.account.id
}

describe('a secret', () => {
  test('is there, hashed or encrypted, and not in its row', async () => {
    const id = await made({ number: 'N1', pin: 'zebra-1', token: 'zebra-2' })
    const [row] = await vault().rows('select pin, token from app.account where id = $1', [id])
    for (const mark of Object.values(row!)) expect(mark).toMatch(/^[0-9a-f-]{36}$/)
    const pin = await vault().kept('account', 'pin', `t.id = '${id}'`)
    expect(pin.sealed.startsWith(`$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`)).toBe(true)
    const token = await vault().kept('account', 'token', `t.id = '${id}'`)
    expect(token.sealed.startsWith(`$aes256gcm$${keys[0].id}$`)).toBe(true)
    expect(await matches(id, 'zebra-1')).toBe(true)
    expect(await matches(id, 'zebra-2')).toBe(false)
    expect(await reveal(id)).toBe('zebra-2')
  })

  test('of a seed is kept alike', async () => {
    expect(await matches(locked, seededPin)).toBe(true)
    expect(await reveal(locked)).toBe(seededToken)
    expect(await reveal(news, 'Channel')).toBe('seeded-channel')
    expect(await reveal(open)).toBe(null)
    expect(await matches(open, seededPin)).toBe(false)
    const robot = await vault().kept('robot', 'key', `t.name = 'R2'`)
    expect(await matchesHash(robot.sealed, 'seeded-robot-key')).toBe(true)
  })

  test('is replaced, kept and taken away; what was kept of it goes', async () => {
    const id = await made({ number: 'N2', pin: 'first', token: 'stays' })
    const before = await vault().kept('account', 'pin', `t.id = '${id}'`)
    const patched = await vault().data(['keeper'], update, { id, patch: { pin: 'second' } })
    expect(patched.updateAccount.account).toEqual({ pinIsSet: true, tokenIsSet: true })
    expect([await matches(id, 'first'), await matches(id, 'second'), await reveal(id)]).toEqual([false, true, 'stays'])
    const after = await vault().kept('account', 'pin', `t.id = '${id}'`)
    expect(after.mark).not.toBe(before.mark)
    const emptied = await vault().data(['keeper'], update, { id, patch: { pin: null } })
    expect(emptied.updateAccount.account).toEqual({ pinIsSet: false, tokenIsSet: true })
    const left = await vault().rows('select mark::text from rowhouse.secret where mark::text = any ($1)', [
      [before.mark, after.mark],
    ])
    expect(left).toEqual([])
  })

  test('outlives a removal, and goes with the row that is deleted', async () => {
    const id = await made({ number: 'N3', pin: 'gone' })
    const { mark } = await vault().kept('account', 'pin', `t.id = '${id}'`)
    const count = async () =>
      (await vault().rows('select mark from rowhouse.secret where mark = $1::uuid', [mark])).length
    await vault().data(['keeper'], 'mutation ($id: UUID!) { removeAccount(input: { id: $id }) { id } }', { id })
    expect(await count()).toBe(1)
    await vault().data(['keeper'], 'mutation ($id: UUID!) { restoreAccount(input: { id: $id }) { id } }', { id })
    expect(await matches(id, 'gone')).toBe(true)
    await vault().data(['keeper'], 'mutation ($id: UUID!) { deleteAccount(input: { id: $id }) { id } }', { id })
    expect(await count()).toBe(0)
  })

  test('of rows with numbers for ids, and with names', async () => {
    const door = await vault().data(
      ['keeper'],
      'mutation { createDoor(input: { door: { code: "sesame" } }) { door { id codeIsSet } } }',
    )
    expect(door.createDoor.door.codeIsSet).toBe(true)
    expect(await reveal(door.createDoor.door.id, 'Door', 'code')).toBe('sesame')
    const robot = await vault().data(
      ['keeper'],
      'mutation { createRobot(input: { robot: { name: "C3", key: "oil" } }) { robot { keyIsSet } } }',
    )
    expect(robot.createRobot.robot.keyIsSet).toBe(true)
    expect(await asPrivate((client) => verifySecret(client, of('Robot', 'C3', 'key'), 'oil'))).toBe(true)
  })

  test.each([
    ['', '"pin" is empty: null takes a secret away.'],
    ['x'.repeat(4097), '"pin" is longer than 4096 bytes.'],
    ['ä'.repeat(2049), '"pin" is longer than 4096 bytes.'],
    ['\ud800', '"pin" holds half of a character.'],
  ])('is refused: %#', async (pin, message) => {
    expect(await vault().refusal(['keeper'], create, { account: { number: 'N4', pin } })).toBe(`VALIDATION: ${message}`)
  })

  test('that is required has to be given, and cannot be emptied', async () => {
    const text = 'mutation { createChannel(input: { channel: { name: "x" } }) { id } }'
    expect(await vault().refusal(['keeper'], text)).toMatch(/^VALIDATION: .*token" of required/)
    const empty = `mutation { updateChannel(input: { id: "${news}", patch: { token: null } }) { id } }`
    expect(await vault().refusal(['keeper'], empty)).toMatch(/^VALIDATION: .*token/)
    expect(await reveal(news, 'Channel')).toBe('seeded-channel')
  })
})

test('whether it is there is asked and filtered by', async () => {
  const numbers = async (filter: string) =>
    (
      await vault().data(
        ['keeper'],
        `{ accounts(filter: { number: { in: ["A", "B"] }, ${filter} }) { nodes { number } } }`,
      )
    ).accounts.nodes
  expect(await numbers('pinIsSet: { equalTo: true }')).toEqual([{ number: 'A' }])
  expect(await numbers('pinIsSet: { equalTo: false }')).toEqual([{ number: 'B' }])
  // And by rules.
  const seen = await vault().data(['guest'], '{ accounts { nodes { number pinIsSet } } }')
  expect(seen.accounts.nodes).toContainEqual({ number: 'B', pinIsSet: false })
  expect(seen.accounts.nodes).not.toContainEqual({ number: 'A', pinIsSet: true })
})

describe('who writes it is decided by its name', () => {
  const patch = (roles: readonly string[], given: object) =>
    vault().refusal(roles, update, { id: locked, patch: given })

  test('by narrowed rules', async () => {
    expect(await patch(['clerk'], { pin: '1234' })).toMatch(/^FORBIDDEN/)
    expect(await patch(['clerk'], { note: 'x', pin: '1234' })).toMatch(/^FORBIDDEN/)
    expect(await patch(['clerk'], { pin: null })).toMatch(/^FORBIDDEN/)
    expect(await matches(locked, seededPin)).toBe(true)
    expect(await patch(['desk'], { token: 'x' })).toMatch(/^FORBIDDEN/)
    expect(await patch(['desk'], { note: 'x' })).toMatch(/^FORBIDDEN/)
    expect(await patch(['desk'], { pin: seededPin })).toBe('none')
    expect(await matches(locked, seededPin)).toBe(true)
  })

  test('by reserves, and whoever may not know does not learn whether it is there', async () => {
    const text = `mutation ($patch: ChannelPatch!) { updateChannel(input: { id: "${news}", patch: $patch }) { channel { name tokenIsSet } } }`
    expect(await vault().refusal(['clerk'], text, { patch: { token: 'x' } })).toMatch(/^FORBIDDEN/)
    const renamed = await vault().data(['clerk'], text, { patch: { name: 'news' } })
    expect(renamed.updateChannel.channel).toEqual({ name: 'news', tokenIsSet: null })
    const kept = await vault().data(['keeper'], text, { patch: { name: 'news' } })
    expect(kept.updateChannel.channel).toEqual({ name: 'news', tokenIsSet: true })
    const found = await vault().data(
      ['clerk'],
      '{ channels(filter: { tokenIsSet: { equalTo: true } }) { totalCount } }',
    )
    expect(found.channels.totalCount).toBe(0)
  })
})

describe('a ciphertext', () => {
  const cheat = async (text: string, values: readonly unknown[]) => void (await vault().rows(text, values))

  test('that is moved to another row cannot be read', async () => {
    const [a, b] = [await made({ number: 'M1', token: 'mine' }), await made({ number: 'M2', token: 'yours' })]
    const [mine, yours] = [
      await vault().kept('account', 'token', `t.id = '${a}'`),
      await vault().kept('account', 'token', `t.id = '${b}'`),
    ]
    await cheat('update rowhouse.secret set sealed = $2 where mark = $1::uuid', [mine.mark, yours.sealed])
    await expect(reveal(a)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' })
    expect(await reveal(b)).toBe('yours')
  })

  test('of a key that is not known is not read; a new key in front leaves the old ones', async () => {
    const other = Buffer.alloc(32, 9).toString('base64')
    const only = readSecretKeys(other) as SecretKeys
    const rotated = readSecretKeys(`${other}, ${keys[0].bytes.toString('base64')}`) as SecretKeys
    await expect(reveal(locked, 'Account', 'token', only)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
      message: expect.stringContaining(`"${keys[0].id}"`),
    })
    expect(await reveal(locked, 'Account', 'token', rotated)).toBe(seededToken)
  })
})

test('one hash among others does not keep the loop busy', async () => {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await Promise.all([1, 2, 3, 4].map(() => matches(locked, 'guess')))
  clearInterval(timer)
  expect(turns).toBeGreaterThan(10)
})
