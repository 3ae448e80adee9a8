import { request } from 'node:http'
import { createConnection } from 'node:net'
import { serverAudits } from 'graphql-http'
import { describe, expect, test } from 'vitest'
import { type LogEvent, startHttpServer } from '#server'
import { post, startShopServer, useShopServer } from '../client.ts'
import { shopId } from '../shop.ts'

const ada = { name: 'ada', note: null, token: 'the-token' }
const shop = useShopServer({ graphiql: { workshop: { model: 'one', problems: [], people: [ada] } } })

/** A request whose `host` header can be chosen, which fetch forbids. */
function get(
  path: string,
  headers: Record<string, string> = {},
  to: { readonly method?: string; readonly url?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(to.url ?? shop().server.url)
    const sent = request({ hostname, port, path, method: to.method ?? 'GET', headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('GraphQL over HTTP', () => {
  test("graphql-http's audits: no MUST and no SHOULD fails", async () => {
    const failed: string[] = []
    for (const audit of serverAudits({ url: `${shop().server.url}/graphql`, fetchFn: fetch })) {
      const result = await audit.fn()
      if (result.status === 'error' || result.status === 'warn') failed.push(`${audit.id} ${audit.name}`)
    }
    expect(failed).toEqual([])
  })

  test('idle connections outlive the pools of balancers', async () => {
    const { headers } = await get('/healthz', { connection: 'keep-alive' })
    expect(headers['keep-alive']).toBe('timeout=75')
  })

  test('faults of a query have a code, a place, and 400 where the client asked for it', async () => {
    const { status, errors } = await shop().ask('{ orders { nope } }')
    expect(status).toBe(200)
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION' } }])
    const strict = await post(
      shop().server.url,
      { query: '{ orders { nope } }' },
      { accept: 'application/graphql-response+json' },
    )
    expect(strict.status).toBe(400)
    expect((await shop().ask('{ orders {')).errors[0]?.extensions.code).toBe('VALIDATION')
    expect(
      (await shop().ask('query ($id: UUID!) { order(id: $id) { id } }', { id: 'x' })).errors[0]?.extensions.code,
    ).toBe('VALIDATION')
  })

  test('cursors that do not fit are VALIDATION', async () => {
    for (const after of ['abc', 'WyJhIl0=', '', "'; drop table", Buffer.from('["x","y","z"]').toString('base64')]) {
      const { errors } = await shop().ask('query ($after: Cursor) { orders(after: $after) { nodes { id } } }', {
        after,
      })
      expect(errors[0]?.extensions.code).toBe('VALIDATION')
    }
  })

  test('a body that is too large is LIMIT, with or without a length', async () => {
    const query = `{ orders { totalCount } } #${'x'.repeat(300_000)}`
    const { status, errors } = await post(shop().server.url, { query })
    expect([status, errors[0]?.extensions.code]).toEqual([413, 'LIMIT'])
    const chunked = await fetch(`${shop().server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([JSON.stringify({ query })]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(chunked.status).toBe(413)
  })

  test('simple requests of other sites are refused: forms, text, GET without a header', async () => {
    const mutation = 'mutation { createRemark(input: { remark: { text: "csrf" } }) { id } }'
    const url = `${shop().server.url}/graphql`
    const bodies: [string, string][] = [
      ['application/x-www-form-urlencoded', new URLSearchParams({ query: mutation }).toString()],
      ['text/plain', JSON.stringify({ query: mutation })],
      [
        'multipart/form-data; boundary=x',
        `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${mutation}\r\n--x--\r\n`,
      ],
    ]
    for (const [type, body] of bodies) {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
      expect(response.status).toBeGreaterThanOrEqual(400)
    }
    expect((await fetch(`${url}?query={orders{totalCount}}`)).status).toBe(403)
    const authorization = `Bearer ${await shop().token()}`
    const read = await fetch(`${url}?query={orders{totalCount}}`, { headers: { authorization } })
    expect(await read.json()).toEqual({ data: { orders: { totalCount: 120 } } })
    const written = await fetch(`${url}?query=${encodeURIComponent(mutation)}`, { headers: { authorization } })
    expect(written.status).toBe(405)
  })

  test('no other origin is let in', async () => {
    const preflight = await get(
      '/graphql',
      { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      { method: 'OPTIONS' },
    )
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    const { headers } = await post(shop().server.url, { query: '{ __typename }' }, { origin: 'https://evil.example' })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('no header makes plans or SQL visible', async () => {
    const headers = {
      'x-graphql-explain': 'plan,sql',
      'x-postgraphile-explain': 'on',
      'graphile-explain': 'plan,sql',
      authorization: `Bearer ${await shop().token()}`,
    }
    const { text, data } = await post(
      shop().server.url,
      { query: '{ orders { totalCount } }', extensions: { explain: ['plan', 'sql'] } },
      headers,
    )
    expect(data).toEqual({ orders: { totalCount: 120 } })
    expect(JSON.parse(text)).toEqual({ data })
  })

  test('a host header that is no host shows nothing of us', async () => {
    for (const host of ['a b', '[::', '%00%']) {
      const { status, text } = await get('/graphql?query={__typename}', { host, 'graphql-require-preflight': '1' })
      expect([status, text]).toEqual([200, '{"data":{"__typename":"Query"}}'])
    }
  })

  test('batches are refused', async () => {
    const { status } = await post(shop().server.url, [{ query: '{ __typename }' }] as never)
    expect(status).toBeGreaterThanOrEqual(400)
  })
})

describe('tokens over HTTP', () => {
  test.each(['Bearer nonsense', 'Bearer', 'Basic dTpw', 'Bearer a.b.c'])(
    '%s is 401, never a visitor',
    async (authorization) => {
      const answer = await post(shop().server.url, { query: '{ __typename }' }, { authorization })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      expect(JSON.parse(answer.text)).toEqual({
        errors: [{ message: 'The token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
      })
      expect(shop().log.at(-1)).toMatchObject({ kind: 'unauthenticated', reason: expect.any(String) })
    },
  )

  test('a claim of the wrong type is 401, with the reason in the log alone', async () => {
    const token = await shop().token({ claims: { region: 'mars' } })
    const { status, text } = await shop().ask('{ __typename }', null, token)
    expect(status).toBe(401)
    expect(text).not.toContain('region')
    expect(shop().log.at(-1)).toEqual({
      kind: 'unauthenticated',
      reason: 'The claim "region" is not of kind "choice".',
    })
  })

  test('a combination of roles that is not set up is 403', async () => {
    const { status, errors } = await shop().ask(
      '{ __typename }',
      null,
      await shop().token({ roles: ['sales', 'accountManager'] }),
    )
    expect([status, errors[0]?.extensions.code]).toEqual([403, 'FORBIDDEN'])
  })

  test('a provisioner makes it on the way', async () => {
    const provisioned = await startShopServer(shop(), shop().keys, {
      provisionRoleSet: async (roles) => void (await shop().database.ensureRoleSets([roles])),
    })
    try {
      const token = await shop().token({ roles: ['sales', 'accountManager'] })
      expect((await provisioned.ask('{ orders { totalCount } }', null, token)).data).toEqual({
        orders: { totalCount: 120 },
      })
    } finally {
      await provisioned.server.close()
    }
  })
})

describe('the rest of the paths', () => {
  test('healthz and readyz tell the truth', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"status":"alive"}\n' })
    expect(await get('/readyz')).toMatchObject({ status: 200, text: '{"status":"ready"}\n' })
    const log: LogEvent[] = []
    const { model, keys } = shop()
    const lost = await startHttpServer({
      ...{
        model,
        host: '127.0.0.1',
        port: 0,
        tokens: { kind: 'dev', app: model.app, keys },
        log: (event) => log.push(event),
      },
      databaseUrl: 'postgres://nobody:nothing@127.0.0.1:9/nowhere',
    })
    try {
      expect((await fetch(`${lost.url}/healthz`)).status).toBe(200)
      const ready = await fetch(`${lost.url}/readyz`)
      expect(ready.status).toBe(503)
      expect(await ready.json()).toEqual({ status: 'database unreachable' })
      expect(log[0]).toMatchObject({ kind: 'connection-lost' })
      const asked = await post(lost.url, { query: '{ orders { totalCount } }' })
      expect(asked.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }])
      expect(asked.text).not.toContain('ECONNREFUSED')
    } finally {
      await lost.close()
    }
  })

  test('GraphiQL is one page that loads nothing from elsewhere, and may not', async () => {
    const { status, headers, text } = await get('/')
    expect(status).toBe(200)
    expect(text).not.toMatch(/(src|href)="https?:/)
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-/)
    expect(headers['content-security-policy']).not.toMatch(/unsafe-eval|https?:/)
    expect(text).toContain('query Orders')
  })

  test('starter queries are valid', async () => {
    const { starterQueries } = await import('../../../server/http/starter-queries.ts')
    for (const query of starterQueries(shop().model)) {
      expect((await shop().ask(query)).errors).toEqual([])
    }
  })

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', 'localhost@evil', '[::1].evil'])(
    'GraphiQL with a workshop is not served under the host %j',
    async (host) => {
      const { status, text } = await get('/', { host })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(text).not.toContain('the-token')
    },
  )

  test('GraphiQL without a workshop is served under the name that a proxy passes on', async () => {
    const server = await startShopServer(shop(), shop().keys, { graphiql: {} })
    try {
      const { status, text } = await get('/', { host: 'api.example' }, server.server)
      expect([status, text.includes('query Orders')]).toEqual([200, true])
    } finally {
      await server.server.close()
    }
  })

  test('without GraphiQL there is nothing at /', async () => {
    const bare = await startShopServer(shop(), shop().keys)
    try {
      expect((await fetch(bare.server.url)).status).toBe(404)
    } finally {
      await bare.server.close()
    }
  })

  test('odd paths are not found, other methods not allowed', async () => {
    for (const path of ['/nope', '//', '/graphql/', '/%', '/..%2f', '/?x']) {
      expect([200, 404]).toContain((await get(path)).status)
    }
    expect((await get('/healthz', {}, { method: 'POST' })).status).toBe(405)
  })

  test('a port in use is PORT_IN_USE', async () => {
    const port = Number(new URL(shop().server.url).port)
    await expect(startShopServer(shop(), shop().keys, { port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      hint: expect.stringContaining(`PORT=${port + 1}`),
    })
  })
})

describe('the end', () => {
  test('running requests finish, new ones are not taken, then the pool is closed', async () => {
    const ending = await startShopServer(shop(), shop().keys)
    const { release, blocked } = await blockOrders()
    const running = ending.ask(
      'mutation ($id: UUID!) { updateOrder(input: { id: $id, patch: { lead: 1 } }) { order { lead } } }',
      {
        id: shopId('order', 'a', 100),
      },
    )
    await blocked()
    const closed = ending.server.close()
    await expect(fetch(`${ending.server.url}/readyz`)).rejects.toThrow()
    await release()
    expect((await running).data).toEqual({ updateOrder: { order: { lead: 1 } } })
    await closed
  })

  test('what does not finish in time is cut off', async () => {
    const ending = await startShopServer(shop(), shop().keys, { drainMs: 50, statementTimeoutMs: 500 })
    const { release, blocked } = await blockOrders()
    const running = ending.ask('mutation ($id: UUID!) { updateOrder(input: { id: $id, patch: { lead: 2 } }) { id } }', {
      id: shopId('order', 'a', 100),
    })
    const outcome = expect(running).rejects.toThrow()
    await blocked()
    await ending.server.close()
    await outcome
    await release()
  })

  test('a client that goes away in the middle of a request does no harm', async () => {
    const { hostname, port } = new URL(shop().server.url)
    for (const bytes of [
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"',
      'GET / HT',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = createConnection({ host: hostname, port: Number(port) }, () => {
          socket.write(bytes, () => socket.destroy())
        })
        socket.on('close', () => resolve())
      })
    }
    expect((await shop().ask('{ orders { totalCount } }')).errors).toEqual([])
  })
})

/** Locks an order, so that a request that changes it waits; `blocked` resolves when one does. */
async function blockOrders() {
  const { database } = shop()
  const client = await database.connect(database.migratorUrl)
  await client.query('begin')
  await client.query('lock table app."order" in share row exclusive mode')
  const blocked = async () => {
    const waiting = `select 1 from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and not l.granted`
    while ((await database.migrator.query(waiting)).rowCount === 0)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const release = async () => {
    await client.query('rollback')
    await client.end()
  }
  return { release, blocked }
}
