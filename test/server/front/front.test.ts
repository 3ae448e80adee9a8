import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverAudits } from 'graphql-http'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Front } from '#server'
import { listen } from '../../../server/http/listen.ts'
import { startShopServer, useShopServer } from '../client.ts'

const plan = { host: '127.0.0.1', port: 0, bodyTimeoutMs: 30_000 }
const folder = mkdtempSync(join(tmpdir(), 'rowhouse-front-'))
const shop = useShopServer({ pipe: join(folder, 'shop') })
const servers = new Set<Server>()
let front: Front
let count = 0
beforeAll(async () => {
  front = await Front.open(plan)
})
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections()
  servers.clear()
})
afterAll(async () => {
  await front.close()
  rmSync(folder, { recursive: true })
})

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** Listens on a pipe of its own. */
async function serve(listener: Listener): Promise<string> {
  const pipe = join(folder, `${++count}`)
  const server = createServer(listener)
  servers.add(server)
  await new Promise<void>((resolve) => server.listen(pipe, resolve))
  return pipe
}

interface Asked {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: readonly string[]
  readonly agent?: Agent
}

interface Got {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly raw: readonly string[]
  readonly text: string
}

function ask({ path = '/', method = 'GET', headers = {}, body = [], agent }: Asked = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const to = `${front.url}${path}`
    const sent = request(to, { method, headers, ...(agent === undefined ? { agent: false } : { agent }) }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      answer.once('error', reject)
      answer.once('end', () =>
        resolve({ status: answer.statusCode!, headers: answer.headers, raw: answer.rawHeaders, text }),
      )
    })
    sent.once('error', reject)
    for (const part of body) sent.write(part)
    sent.end()
  })
}

/** Answers with what it was asked. */
const echo: Listener = (asked, response) => {
  let body = ''
  asked.setEncoding('utf8').on('data', (chunk) => {
    body += chunk
  })
  asked.once('end', () => {
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    response.end(JSON.stringify({ method: asked.method, url: asked.url, headers: asked.headers, body }))
  })
}

test("graphql-http's audits: through a front no MUST and no SHOULD fails either", async () => {
  await front.use(shop().server.url)
  const failed: string[] = []
  for (const audit of serverAudits({ url: `${front.url}/graphql`, fetchFn: fetch })) {
    const result = await audit.fn()
    if (result.status === 'error' || result.status === 'warn') failed.push(`${audit.id} ${audit.name}`)
  }
  expect(failed).toEqual([])
})

test('requests and answers are passed as they are, but for what is about one connection', async () => {
  await front.use(await serve(echo))
  const asked = {
    path: '/a?b=%20c',
    headers: { host: 'shop.example', 'x-Thing': '1', connection: 'keep-alive, x-thing' },
  }
  const got = await ask({ ...asked, method: 'POST', body: ['one', 'two'] })
  const { headers, ...rest } = JSON.parse(got.text)
  expect(rest).toEqual({ method: 'POST', url: '/a?b=%20c', body: 'onetwo' })
  expect(headers).toMatchObject({ host: 'shop.example', 'transfer-encoding': 'chunked' })
  expect(got.headers['set-cookie']).toEqual(['a=1', 'b=2'])
  expect(got.headers['keep-alive']).toBe('timeout=75')
  const sized = JSON.parse((await ask({ method: 'PUT', headers: { 'content-length': '3' }, body: ['abc'] })).text)
  expect([sized.body, sized.headers['content-length'], sized.headers['transfer-encoding']]).toEqual([
    'abc',
    '3',
    undefined,
  ])
  // Without a body there is none, and with one that comes in chunks it is framed, whatever the method.
  expect(JSON.parse((await ask()).text).headers['transfer-encoding']).toBeUndefined()
  const odd = await ask({
    method: 'DELETE',
    headers: { 'transfer-encoding': 'chunked' },
    body: ['GET / HTTP/1.1\r\n\r\n'],
  })
  expect(JSON.parse(odd.text)).toMatchObject({ method: 'DELETE', body: 'GET / HTTP/1.1\r\n\r\n' })
  expect((await ask({ method: 'HEAD' })).text).toBe('')
})

test('a server on a pipe is told the address of the client, and no client can say another', async () => {
  const pipe = join(folder, 'addresses')
  const told = await listen(
    (asked, response) => response.end(JSON.stringify([asked.socket.remoteAddress, asked.headers])),
    { host: '', port: 0, pipe },
  )
  await front.use(pipe)
  const [address, headers] = JSON.parse((await ask({ headers: { 'X-Rowhouse-Client-Address': '10.0.0.1' } })).text)
  expect(address).toBe('127.0.0.1')
  expect(JSON.stringify(headers)).not.toContain('client-address')
  await told.close()
})

test('while servers are swapped all requests are answered, and those that begin later by the later one', async () => {
  const version = (name: string) =>
    serve((asked, response) => {
      asked.resume()
      asked.once('end', () => setTimeout(() => response.end(name), Math.random() * 20))
    })
  await front.use(await version('0'))
  let newest = 0
  let isOver = false
  const wrong: unknown[] = []
  let answered = 0
  const askAllTheTime = async (agent: Agent | undefined): Promise<void> => {
    while (!isOver) {
      const least = newest
      const body = agent === undefined ? [] : ['x'.repeat(30_000), 'y']
      const got = await ask({ method: 'POST', body, ...(agent === undefined ? {} : { agent }) }).catch(String)
      if (typeof got === 'string' || got.status !== 200 || Number(got.text) < least) wrong.push([least, got])
      answered++
    }
  }
  const kept = Array.from({ length: 6 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  const asking = [...kept, undefined, undefined].map(askAllTheTime)
  for (let next = 1; next <= 25; next++) {
    const before = `${folder}/${count}`
    await front.use(await version(`${next}`))
    newest = next
    // What runs there is answered; then it can end, without a connection of a client ending with it.
    await front.idle(before)
    const [oldest] = servers
    servers.delete(oldest!)
    oldest!.close()
    oldest!.closeAllConnections()
  }
  isOver = true
  await Promise.all(asking)
  for (const agent of kept) agent.destroy()
  expect(wrong).toEqual([])
  expect(answered).toBeGreaterThan(100)
})

test('what is asked while there is no server waits for one, also when it was there a moment ago', async () => {
  await front.use(null)
  const early = ask({ method: 'POST', body: ['early'] })
  await front.use(join(folder, 'nobody'))
  const late = ask({ method: 'POST', body: ['late'] })
  await front.use(await serve(echo))
  expect((await Promise.all([early, late])).map(({ text }) => JSON.parse(text).body)).toEqual(['early', 'late'])
})

test('a server that ends in the middle is told of: as unavailable, or by a connection that ends', async () => {
  await front.use(
    await serve((asked, response) => {
      if (asked.url === '/begun') response.write('half of ')
      setTimeout(() => asked.socket.destroy(), 30)
    }),
  )
  const { status, text } = await ask({ method: 'POST', body: ['x'] })
  expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE'])
  await expect(ask({ path: '/begun' })).rejects.toThrow('aborted')
})

test('answers come bit by bit, and a client that hangs up is told of', async () => {
  let heard: () => void = () => undefined
  const hungUp = new Promise<void>((resolve) => {
    heard = resolve
  })
  const pipe = await serve((_, response) => {
    response.once('close', () => heard())
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  })
  await front.use(pipe)
  const { hostname, port } = new URL(front.url)
  const socket = connect(Number(port), hostname)
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await new Promise<void>((resolve) => socket.on('data', (chunk: Buffer) => chunk.includes('data: 1') && resolve()))
  let isIdle = false
  await front.use(null)
  const idle = front.idle(pipe).then(() => {
    isIdle = true
  })
  expect(isIdle).toBe(false)
  socket.destroy()
  await Promise.all([hungUp, idle])
})

test('WebSockets pass in both directions, end with their server, and are refused as it refuses them', async () => {
  const own = await startShopServer(shop(), shop().keys, { pipe: join(folder, 'sockets') })
  await front.use(own.server.url)
  const socket = (path: string) => new WebSocket(front.url.replace('http', 'ws') + path, 'graphql-transport-ws')
  const refused = socket('/elsewhere')
  expect(`${(await once(refused, 'error'))[0]}`).toContain('404')
  const open = socket('/graphql')
  await once(open, 'open')
  const say = async (message: object) => {
    open.send(JSON.stringify(message))
    return JSON.parse(String((await once(open, 'message'))[0]))
  }
  expect(await say({ type: 'connection_init' })).toEqual({ type: 'connection_ack' })
  const asked = { id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }
  expect(await say(asked)).toEqual({ id: '1', type: 'next', payload: { data: { __typename: 'Query' } } })
  await front.use(await serve(echo))
  const closed = once(open, 'close')
  own.server.hangUp()
  expect((await closed)[0]).toBe(1001)
  await front.idle(own.server.url)
  await own.server.close()
})

test('a port that is taken is said as by a server', async () => {
  const { port } = new URL(front.url)
  await expect(Front.open({ ...plan, port: Number(port) })).rejects.toMatchObject({ code: 'PORT_IN_USE' })
})

test('when it ends, running requests are answered, connections are not kept, and it is not ready', async () => {
  const own = await Front.open(plan)
  let answer: () => void = () => undefined
  const asked = new Promise<void>((arrived) => {
    void serve((_, response) => {
      answer = () => response.end('late')
      arrived()
    }).then((pipe) => own.use(pipe))
  })
  const running = fetch(own.url)
  await asked
  const closed = own.close()
  await expect
    .poll(() =>
      fetch(own.url).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed')
  answer()
  const got = await running
  expect([await got.text(), got.headers.get('connection')]).toEqual(['late', 'keep-alive'])
  await closed
})
