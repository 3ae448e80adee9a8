import { describe, expect, test } from 'vitest'
import { quoteIdentifier, quoteLiteral } from '#base'
import { acme, sam, useDoors } from './doors.ts'

// Who somebody is. Protection: a set of roles is a role of Postgres, names of roles are quoted and begin with the app's, claims are bound to settings.
const app = useDoors([['barred'], ['select'], ['local']])

describe('a name of a role', () => {
  test('that SQL has a meaning for is a name', async () => {
    const teams = '{ teams { totalCount } }'
    expect(await app().data({ roles: ['select'] }, teams)).toEqual({ teams: { totalCount: 2 } })
    const { errors } = await app().as({ roles: ['barred'] }, teams)
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })

  test.each([
    'boss"; reset role; --',
    'boss; reset role',
    'Boss',
    'BOSS',
    ' boss',
    'boss,seller',
    'rht_owner',
    '',
    'ss"x',
  ])('is none of the app: %j', async (name) => {
    const query = '{ viewer { roles } letters { totalCount } }'
    const [odd, none] = [await app().as({ roles: [name] }, query), await app().as({ roles: [] }, query)]
    expect(odd.text).toBe(none.text)
  })

  test('unquoted it would be more', async () => {
    const name = `${app().database.names.prefix} x"; create role y; --`
    const client = app().database.migrator
    const attempt = async (text: string) => {
      await client.query('begin')
      try {
        return await client.query(text).then(
          ({ rows }) => rows.length,
          ({ code }) => code,
        )
      } finally {
        await client.query('rollback')
      }
    }
    // There is no such role: one statement, and an unknown name.
    expect(await attempt(`set local role ${quoteIdentifier(name)}`)).toBe('22023')
    expect(await attempt(`set local role ${name}`)).toBe('42601')
  })
})

describe('a claim', () => {
  const query = 'select name from app.team order by name'
  const hostile = `x'; set local rowhouse.claim_region = 'North`

  test('is a value of a setting: as a part of a statement it would be another claim', async () => {
    const names = async (set: (text: string) => readonly [text: string, values?: readonly string[]]) =>
      app().database.asActor({ roles: ['local'], tenant: acme, actor: sam }, async (client) => {
        const [text, values] = set(hostile)
        await client.query(text, values as string[] | undefined)
        return (await client.query(query)).rows.map(({ name }) => name)
      })
    expect(await names((text) => [`select set_config('rowhouse.claim_region', $1, true)`, [text]])).toEqual([])
    expect(await names((text) => [`set local rowhouse.claim_region = ${quoteLiteral(text)}`])).toEqual([])
    expect(await names((text) => [`set local rowhouse.claim_region = '${text}'`])).toEqual(['North'])
  })

  test('of a megabyte is too long for a header, and no harm where it is none', async () => {
    const region = 'North'.padEnd(1_000_000, ' ')
    const token = await app().token({ sub: sam, tenant: acme, roles: ['local'], claims: { region } })
    const ask = (headers: Readonly<Record<string, string>>) =>
      fetch(`${app().server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: '{ teams { totalCount } }' }),
      })
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(431)
    expect((await ask({})).status).toBe(200)
    const seen = await app().database.asActor(
      { roles: ['local'], tenant: acme, actor: sam, claims: { region } },
      async (client) => (await client.query(query)).rows,
    )
    expect(seen).toEqual([])
  })
})
