import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { defaultLimits } from '../../../server/config/limits.ts'
import { addressBucket } from '../../../server/http/sockets/address-bucket.ts'
import { blockTable } from '../../support/blocked-table.ts'
import { type ShopServer, startShopServer, useShopServer } from '../client.ts'

// What a client might do that is no client.
const app = 'https://app.example'
const limits = {
  ...defaultLimits,
  maxBodyBytes: 10_000,
  maxSocketOperations: 3,
  maxSocketsPerAddress: 4,
  maxSockets: 6,
}
const shop = useShopServer({
  limits,
  cors: { origins: [app], credentials: false },
  trustedProxies: ['127.0.0.1'],
  socketPatience: { pingMs: 500 },
})
const open: WebSocket[] = []
let authorization = ''
/** Another one, that waits for answers to its pings as long as servers do. */
let patient: ShopServer

beforeAll(async () => {
  authorization = `Bearer ${await shop().token()}`
  patient = await startShopServer(shop(), shop().keys, {
    drainMs: 300,
    socketPatience: { initMs: 2_000, closeMs: 100 },
  })
})
afterAll(() => patient.server.close())
afterEach(async () => {
  const closed = open.splice(0).filter(({ readyState }) => readyState !== WebSocket.CLOSED)
  for (const socket of closed) socket.terminate()
  await Promise.all(closed.map((socket) => once(socket, 'close')))
  // The server has taken note.
  await expect
    .poll(async () => (await upgraded({}, limits.maxSocketsPerAddress)).every((status) => status === 101))
    .toBe(true)
})

interface Speaker {
  readonly socket: WebSocket
  /** All that came. */
  readonly messages: Record<string, unknown>[]
  send(message: object | string): void
  /** Resolves when something came that is like it. */
  heard(like: object): Promise<void>
  /** Code and reason. */
  readonly closed: Promise<[number, string]>
}

/** A WebSocket in the hands of whoever likes. */
async function connect(
  options: WebSocket.ClientOptions = {},
  { server } = shop(),
  protocol = 'graphql-transport-ws',
): Promise<Speaker> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocol, options)
  open.push(socket)
  const messages: Record<string, unknown>[] = []
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString())))
  const closed = new Promise<[number, string]>((resolve) => {
    socket.on('close', (code, reason) => resolve([code, String(reason)]))
  })
  await once(socket, 'open')
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    heard: (like) => expect.poll(() => messages).toContainEqual(expect.objectContaining(like)),
  }
}

/** One that has said who it is. */
async function speak(from?: ShopServer): Promise<Speaker> {
  const speaker = await connect({}, from)
  speaker.send({ type: 'connection_init', payload: { authorization } })
  await speaker.heard({ type: 'connection_ack' })
  return speaker
}

const asks = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } })

/** Status of so many upgrades at once, all of which end when all are answered. */
async function upgraded(options: WebSocket.ClientOptions, count = 1, path = '/graphql'): Promise<number[]> {
  const sockets: WebSocket[] = []
  const statuses = Array.from({ length: count }, () => {
    const socket = new WebSocket(`${shop().server.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', options)
    sockets.push(socket)
    socket.on('error', () => undefined)
    return new Promise<number>((resolve) => {
      socket.on('open', () => resolve(101))
      socket.on('unexpected-response', (_, response) => {
        response.resume()
        resolve(response.statusCode!)
      })
    })
  })
  const answered = await Promise.all(statuses)
  for (const socket of sockets) socket.terminate()
  return answered
}

describe('pages of other sites', () => {
  const { port, host } = { port: () => new URL(shop().server.url).port, host: () => new URL(shop().server.url).host }

  test.each([
    ['a foreign one', () => 'https://evil.example'],
    ['none to speak of', () => 'null'],
    ['another port', () => `http://127.0.0.1:${Number(port()) + 1}`],
    ['another name of this machine', () => `http://localhost:${port()}`],
    ['one that begins like ours', () => `http://${host()}.evil.example`],
    ['one that hides ours', () => `http://evil.example/${host()}`],
    ['ours as a user', () => `http://${host()}@evil.example`],
    ['another scheme', () => `ftp://${host()}`],
    ['one that begins like the one let in', () => `${app}.evil.example`],
    ['the one let in, without encryption', () => app.replace('https', 'http')],
  ])('open no socket from an origin that is %s', async (_, origin) => {
    expect(await upgraded({ origin: origin(), headers: { authorization } })).toEqual([403])
  })

  test('open one from our own origin, behind a proxy that encrypts too, from one that the app names; and so does what is no browser', async () => {
    expect(await upgraded({})).toEqual([101])
    for (const origin of [`http://${host()}`, `https://${host()}`, app])
      expect(await upgraded({ origin })).toEqual([101])
    const headers = { host: 'api.example' }
    expect(await upgraded({ headers, origin: 'https://api.example' })).toEqual([101])
    expect(await upgraded({ headers, origin: 'https://api.example:8443' })).toEqual([403])
  })

  test('are told why in the form of every error', async () => {
    const text = await talk([upgradeHead(['origin: https://evil.example'])])
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
    expect(
      text.endsWith(
        '{"errors":[{"message":"Pages of this origin may not ask here.","extensions":{"code":"FORBIDDEN"}}]}',
      ),
    ).toBe(true)
  })
})

describe('what is no protocol', () => {
  test.each<[string, [number, string], (object | string)[]]>([
    ['an operation of nobody', [4401, 'Unauthorized'], [asks('1', '{ orders { totalCount } }')]],
    [
      'two beginnings',
      [4429, 'Too many initialisation requests'],
      [{ type: 'connection_init' }, { type: 'connection_init' }],
    ],
    ['no JSON', [4400, 'This is no message of the protocol.'], ['{']],
    ['no message', [4400, 'This is no message of the protocol.'], ['[]']],
    [
      'a payload that is none',
      [4400, 'This is no message of the protocol.'],
      [{ type: 'connection_init', payload: 'x' }],
    ],
    ['a message of the server', [4400, 'This is no message of the protocol.'], [{ type: 'connection_ack' }]],
    [
      'a query that is no text',
      [4400, 'This is no message of the protocol.'],
      [{ id: '1', type: 'subscribe', payload: { query: 1 } }],
    ],
    ['more bytes than a body has', [1009, ''], [{ type: 'ping', payload: { x: 'x'.repeat(10_000) } }]],
  ])('%s ends the connection', async (_, end, messages) => {
    const before = shop().log.length
    const speaker = await connect()
    for (const message of messages) speaker.send(message)
    expect(await speaker.closed).toEqual(end)
    expect(shop().log.length).toBe(before)
  })

  test('many frames make no longer message', async () => {
    const { socket, closed } = await connect()
    socket.send('"'.padEnd(9_999), { fin: false })
    socket.send('"'.padEnd(9_999), { fin: true })
    expect((await closed)[0]).toBe(1009)
  })

  test('nothing is said: it ends; another protocol is not spoken; nothing is compressed', async () => {
    const silent = await connect({}, patient)
    expect((await silent.closed)[0]).toBe(4408)
    const { socket } = await connect({ perMessageDeflate: true })
    expect(socket.extensions).toBe('')
    const text = await talk([upgradeHead(['sec-websocket-protocol: graphql-ws'])], 2)
    expect(text).toMatch(/^HTTP\/1\.1 101 /)
    expect(text).not.toMatch(/sec-websocket-protocol/i)
    expect(text).toContain('Subprotocol not acceptable')
  })

  test('an id that is running is not begun again, also when it is just being cancelled', async () => {
    const table = await blockTable(shop().database, 'app.product')
    try {
      for (const between of [[], [{ id: '1', type: 'complete' }]]) {
        const speaker = await speak()
        speaker.send(asks('1', '{ products { totalCount } }'))
        await table.until(1)
        for (const message of [...between, asks('1', '{ orders { totalCount } }')]) speaker.send(message)
        expect(await speaker.closed).toEqual([4409, 'An operation of this id is running.'])
        await table.until(0)
        expect(speaker.messages).toEqual([{ type: 'connection_ack' }])
      }
    } finally {
      await table.release()
    }
  })

  test('a parameter that nobody knows is refused as over HTTP', async () => {
    const speaker = await speak()
    speaker.send({ id: '1', type: 'subscribe', payload: { query: '{ __typename }', more: 1 } })
    await speaker.heard({
      id: '1',
      type: 'error',
      payload: [expect.objectContaining({ extensions: { code: 'VALIDATION' } })],
    })
  })

  test('what is no WebSocket is served as if it had offered nothing, body included; elsewhere there are none', async () => {
    const body = JSON.stringify({ query: '{ __typename }' })
    const head = [
      'POST /graphql HTTP/1.1',
      'host: x',
      'connection: Upgrade, HTTP2-Settings',
      'upgrade: h2c',
      'http2-settings: AA',
      'content-type: application/json',
      `content-length: ${body.length}`,
    ]
    const text = await talk([
      `${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`,
      body.slice(5),
      'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    ])
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
    expect(text).toContain('{"data":{"__typename":"Query"}}')
    expect(await upgraded({}, 1, '/')).toEqual([404])
    expect(await upgraded({}, 1, '/graphql/')).toEqual([404])
    expect(await upgraded({}, 1, '/graphql?x=1')).toEqual([101])
    expect(await talk([upgradeHead([]).replace('GET', 'POST')])).toMatch(/^HTTP\/1\.1 405 /)
    expect(await talk([upgradeHead([]).replace('x3JJHMbDL1EzLkh9GBhXDw==', 'x')])).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('too much', () => {
  test('operations beyond the limit are refused, and those that run go on', async () => {
    const table = await blockTable(shop().database, 'app.product')
    try {
      const speaker = await speak()
      for (let id = 1; id <= 50; id++) speaker.send(asks(`${id}`, '{ products { totalCount } }'))
      const most = limits.maxSocketOperations
      const error = {
        message: 'The connection runs 3 operations already. Ask again when one of them is answered.',
        extensions: { code: 'LIMIT', limit: 'maxSocketOperations', most },
      }
      await speaker.heard({ id: '50', type: 'error', payload: [error] })
      await table.until(most)
      expect(speaker.messages).toHaveLength(1 + 50 - most)
      await table.release()
      for (const id of ['1', '2', '3']) await speaker.heard({ id, type: 'complete' })
      speaker.send(asks('4', '{ products { totalCount } }'))
      await speaker.heard({ id: '4', type: 'next', payload: { data: { products: { totalCount: 4 } } } })
    } finally {
      await table.release()
    }
  })

  test('an address of IPv6 is counted with its network', () => {
    const buckets = [
      '192.0.2.1',
      null,
      '2001:DB8:0:01::1',
      '2001:db8:0:1:ffff::',
      '2001:db8:0:2::1',
      '::1',
      '1:2:3:4:5:6:7:8',
    ]
    expect(buckets.map(addressBucket)).toEqual([
      '192.0.2.1',
      '',
      '2001:db8:0:1',
      '2001:db8:0:1',
      '2001:db8:0:2',
      '0:0:0:0',
      '1:2:3:4',
    ])
  })

  test('sockets of one address, and of all, have an end, and who leaves makes room', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    const all = [101, 101, 101, 101, 429, 429]
    expect((await upgraded(from('192.0.2.1'), 6)).toSorted((a, b) => a - b)).toEqual(all)
    await expect.poll(() => upgraded(from('192.0.2.1'))).toEqual([101])
    const held: Speaker[] = []
    for (let n = 0; n < limits.maxSockets; n++) held.push(await connect(from(`192.0.2.${n}`)))
    expect(await upgraded(from('192.0.2.100'))).toEqual([503])
    held[0]!.socket.close()
    await expect.poll(() => upgraded(from('192.0.2.100'))).toEqual([101])
  })

  // Some ten megabytes: more than the system takes for those who do not read.
  const named = (n: number) => `${'x'.repeat(2_900)}${n}: id`
  const big = `{ ${Array.from({ length: 12 }, (_, n) => `a${n}: orders { nodes { ...f } }`).join(' ')} } fragment f on Order { ${[1, 2, 3].map(named).join(' ')} }`

  test('who does not read is not read either, and is cut off, though it says that it is there', async () => {
    const { socket, send, closed } = await speak()
    const connection = (socket as unknown as { _socket: Socket })._socket
    connection.pause()
    for (const id of ['1', '2', '3']) send(asks(id, big))
    const alive = setInterval(() => socket.pong(), 20)
    await sleep(300)
    send(asks('4', 'mutation { createCustomer(input: { customer: { name: "Unread" } }) { id } }'))
    expect((await closed)[0]).toBe(1006)
    clearInterval(alive)
    const { data } = await shop().ask('{ customers(filter: { name: { equalTo: "Unread" } }) { totalCount } }')
    expect(data).toEqual({ customers: { totalCount: 0 } })
  })

  test('who reads late gets all, in the end', async () => {
    const { socket, send, messages, heard } = await speak(patient)
    const connection = (socket as unknown as { _socket: Socket })._socket
    connection.pause()
    for (const id of ['1', '2', '3']) send(asks(id, big))
    await sleep(300)
    send(asks('4', '{ orders { totalCount } }'))
    connection.resume()
    for (const id of ['1', '2', '3', '4']) await heard({ id, type: 'complete' })
    const answered = messages.filter(({ type }) => type === 'next')
    expect(new Set(answered.map(({ id }) => id))).toEqual(new Set(['1', '2', '3', '4']))
    expect(answered).toHaveLength(4)
    expect(answered.find(({ id }) => id === '4')?.payload).toEqual({ data: { orders: { totalCount: 120 } } })
  })

  test('who answers no ping is cut off', async () => {
    const { closed } = await connect({ autoPong: false })
    expect((await closed)[0]).toBe(1006)
    const answering = await speak()
    await sleep(1_200)
    answering.send(asks('1', '{ __typename }'))
    await answering.heard({ id: '1', type: 'complete' })
  })
})

describe('the end', () => {
  test('what does not finish in time is cut off and cancelled; no more sockets are opened', async () => {
    const table = await blockTable(shop().database, 'app.product')
    try {
      const busy = await speak(patient)
      const idle = await connect({}, patient)
      busy.send(asks('1', '{ products { totalCount } }'))
      await table.until(1)
      const ended = patient.server.close()
      expect(await idle.closed).toEqual([1001, 'The server is ending.'])
      busy.send(asks('2', '{ __typename }'))
      expect((await busy.closed)[0]).toBe(1006)
      await ended
      await table.until(0)
      expect(busy.messages).toEqual([{ type: 'connection_ack' }])
      await expect(connect({}, patient)).rejects.toThrow()
    } finally {
      await table.release()
    }
  })
})

function upgradeHead(headers: readonly string[]): string {
  const usual = [
    'host: x',
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: x3JJHMbDL1EzLkh9GBhXDw==',
  ]
  return `${['GET /graphql HTTP/1.1', ...usual, ...headers].join('\r\n')}\r\n\r\n`
}

/** Sends texts one after the other; all that comes until the server hangs up. */
async function talk(texts: readonly string[], frames = 0): Promise<string> {
  const { hostname, port } = new URL(shop().server.url)
  const socket = createConnection(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    // Behind the head a server's farewell is one frame, which it wants to be answered.
    if (frames > 0 && Buffer.concat(chunks).includes('acceptable')) socket.destroy()
  })
  for (const text of texts) {
    socket.write(text)
    await sleep(50)
  }
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}
