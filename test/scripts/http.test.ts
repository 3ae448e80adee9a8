import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  isPublicAddress,
  openScriptPool,
  type ScriptHttp,
  type ScriptLimits,
  type ScriptSecret,
} from '../../scripts/index.ts'
import { bodyOf, callOf } from './support/host.ts'

const pool = openScriptPool({ threads: 2, waitMs: 60_000, graceMs: 60_000 })
const server = createServer((request, response) => answer(request, response))
let answer: (request: IncomingMessage, response: ServerResponse) => void
const seen: {
  host: string | undefined
  path: string | undefined
  headers: IncomingMessage['headers']
  method: string | undefined
}[] = []
const dialed: string[] = []
let names: Record<string, readonly (readonly string[])[]>

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => pool.close())
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  seen.length = 0
  dialed.length = 0
  names = { 'api.example': [['93.184.215.14']], 'other.example': [['93.184.215.15']] }
  answer = (_, response) => response.end('hello')
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    seen.push({ host: request.headers.host, path: request.url, headers: request.headers, method: request.method })
    answer(request, response)
  })
})

/** A network in which public addresses lead to the server of this file. */
const network: NonNullable<ScriptHttp['network']> = {
  async resolve(host) {
    const [next, ...later] = names[host] ?? []
    if (next === undefined) throw new Error('ENOTFOUND')
    if (later.length > 0) names[host] = later
    return next
  },
  dial(address) {
    dialed.push(address)
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  },
}

const value = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
const secrets: Record<string, ScriptSecret> = { stripe: { value, hosts: ['http://api.example'] } }
const allow = ['http://api.example', 'http://other.example']

function run(body: string, http: Partial<ScriptHttp> = {}, limits: Partial<ScriptLimits> = {}) {
  const host = { http: { allow, network, timeoutMs: 60_000, ...http }, secrets }
  return pool.run(bodyOf(body), callOf({ host, record: true, limits: { timeMs: 60_000, ...limits } }))
}

const get = (url: string, more = '{}') => `return (await http.get('${url}', ${more})).text`

describe('a request', () => {
  test('is sent with what the script says, and answers status, headers and text', async () => {
    answer = (request, response) => {
      request
        .setEncoding('utf8')
        .on('data', (text: string) => response.writeHead(201, { 'x-a': 'b' }).end(`{"got":${text}}`))
    }
    const body = `const r = await http.post('http://api.example/a?b=1', { query: { c: 'd e' }, headers: { 'X-Tone': 'kind' }, json: { n: 1 } })
      return [r.status, r.headers['x-a'], r.json()]`
    expect(await run(body)).toMatchObject({ output: [201, 'b', { got: { n: 1 } }] })
    expect(seen).toMatchObject([
      {
        host: 'api.example',
        path: '/a?b=1&c=d+e',
        method: 'POST',
        headers: { 'x-tone': 'kind', 'content-type': 'application/json' },
      },
    ])
  })

  test.each([
    ['http://elsewhere.example', 'nothing to "http://elsewhere.example"'],
    ['https://api.example', 'nothing to "https://api.example"'],
    ['http://api.example:8080', 'nothing to "http://api.example:8080"'],
    ['http://sub.api.example', 'nothing to "http://sub.api.example"'],
    ['http://api.example.evil.example', 'nothing to'],
    ['http://api.example@evil.example', 'names no user'],
    ['file:///etc/passwd', 'http or https'],
    ['/orders', 'whole URL'],
  ])('to %s is refused', async (url, words) => {
    expect(await run(get(url))).toMatchObject({ failed: 'error', message: expect.stringContaining(words) })
    expect(seen).toEqual([])
  })

  test('to all hosts below one may be allowed', async () => {
    names['a.b.example'] = [['93.184.215.16']]
    expect(await run(get('http://a.b.example'), { allow: ['http://*.b.example'] })).toMatchObject({ output: 'hello' })
    expect(await run(get('http://b.example'), { allow: ['http://*.b.example'] })).toMatchObject({ failed: 'error' })
  })

  test.each(['host', 'Content-Length', 'transfer-encoding', 'Connection', 'Proxy-Authorization', 'a b', 'x\\r\\ny'])(
    'has no header %s of its own',
    async (name) => {
      expect(await run(get('http://api.example', `{ headers: { '${name}': 'x' } }`))).toMatchObject({ failed: 'error' })
      expect(seen).toEqual([])
    },
  )

  test('has no second header inside of one', async () => {
    expect(await run(get('http://api.example', "{ headers: { a: 'b\\r\\nhost: evil' } }"))).toMatchObject({
      failed: 'error',
    })
    expect(seen).toEqual([])
  })

  test('is not sent at all where nothing is allowed', async () => {
    const outcome = await pool.run(bodyOf(get('http://api.example')), callOf({ limits: { timeMs: 60_000 } }))
    expect(outcome).toMatchObject({ failed: 'error', message: 'Scripts of this app may send no requests.' })
  })
})

describe('addresses', () => {
  test.each([
    ...[
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.100.100.200',
      '168.63.129.16',
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.1',
      '192.0.0.192',
    ],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001::1',
      '2001:db8::1',
      'localhost',
      '',
    ],
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))

  test.each(['8.8.8.8', '93.184.215.14', '172.32.0.1', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  const inside = [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '169.254.169.254',
    '[fd00:ec2::254]',
  ]
  test.each(inside)('http://%s is not asked, though it is allowed', async (host) => {
    const http = { allow: [`http://${host}`, 'http://127.0.0.1', 'http://169.254.169.254'] }
    expect(await run(get(`http://${host}/`), http)).toMatchObject({ failed: 'error' })
    expect(dialed).toEqual([])
  })

  test('behind a name are looked at, all of them', async () => {
    names['api.example'] = [['93.184.215.14', '10.0.0.1']]
    expect(await run(get('http://api.example'))).toMatchObject({
      failed: 'error',
      message: '"api.example" is at no public address.',
    })
    expect(dialed).toEqual([])
  })

  test('that were looked at are connected to, whatever the name says a moment later', async () => {
    names['api.example'] = [['93.184.215.14'], ['127.0.0.1']]
    expect(await run(get('http://api.example'))).toMatchObject({ output: 'hello' })
    expect(dialed).toEqual(['93.184.215.14'])
    expect(await run(get('http://api.example'))).toMatchObject({ failed: 'error' })
    expect(dialed).toEqual(['93.184.215.14'])
  })
})

describe('redirects', () => {
  const lead = (to: string, status = 302) => {
    answer = (request, response) =>
      request.url === '/'
        ? response.writeHead(status, { location: to }).end()
        : response.end(`${request.method} ${request.url}`)
  }

  test('are followed', async () => {
    lead('/next')
    expect(await run(get('http://api.example'))).toMatchObject({ output: 'GET /next' })
  })

  test('to another method or with it', async () => {
    lead('/next', 303)
    expect(await run("return (await http.post('http://api.example', { json: 1 })).text")).toMatchObject({
      output: 'GET /next',
    })
    lead('/next', 307)
    expect(await run("return (await http.post('http://api.example', { json: 1 })).text")).toMatchObject({
      output: 'POST /next',
    })
  })

  test.each([
    'http://elsewhere.example/',
    'http://127.0.0.1/',
    'http://169.254.169.254/',
    'file:///etc/passwd',
    'https://api.example/',
  ])('to %s are not', async (to) => {
    lead(to)
    expect(await run(get('http://api.example'))).toMatchObject({ failed: 'error' })
    expect(seen).toHaveLength(1)
  })

  test('into a network are not, though the host is allowed', async () => {
    names['other.example'] = [['10.0.0.1']]
    lead('http://other.example/')
    expect(await run(get('http://api.example'))).toMatchObject({ failed: 'error' })
    expect(seen).toHaveLength(1)
  })

  test('do not take secrets where they may not be sent', async () => {
    lead('http://other.example/next')
    const outcome = await run(get('http://api.example', "{ headers: { 'x-key': secret('stripe') } }"))
    expect(outcome).toMatchObject({
      failed: 'error',
      message: 'The secret "stripe" may not be sent to "other.example".',
    })
    expect(seen).toHaveLength(1)
  })

  test('do not take what tells who asks to another host', async () => {
    lead('http://other.example/next')
    await run(get('http://api.example', "{ headers: { authorization: 'Basic abc', cookie: 'a=b', 'x-a': 'b' } }"))
    expect(seen[1]!.headers).toMatchObject({ 'x-a': 'b' })
    expect(seen[1]!.headers).not.toHaveProperty('authorization')
    expect(seen[1]!.headers).not.toHaveProperty('cookie')
  })

  test('end somewhere', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/' }).end()
    expect(await run(get('http://api.example'))).toMatchObject({ failed: 'error' })
    expect(seen).toHaveLength(4)
  })
})

describe('secrets', () => {
  const bearer = "{ headers: { authorization: ['Bearer ', secret('stripe')] } }"

  test('are put in on the way out', async () => {
    await run(get('http://api.example', bearer))
    expect(seen[0]!.headers.authorization).toBe(`Bearer ${value}`)
  })

  test('are not sent to hosts that they are not for', async () => {
    const outcome = await run(get('http://other.example', bearer))
    expect(outcome).toMatchObject({
      failed: 'error',
      message: 'The secret "stripe" may not be sent to "other.example".',
    })
    expect(seen).toEqual([])
  })

  test.each([
    ['as it is', value],
    ['within JSON', JSON.stringify({ echo: `Bearer ${value}` })],
    ['in base64', Buffer.from(`Bearer ${value}`).toString('base64')],
    ['in base64 behind one letter', Buffer.from(`x${value}`).toString('base64')],
    ['in base64 behind two letters', Buffer.from(`xy${value}!`).toString('base64url')],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
  ])('that come back %s are taken out', async (_, text) => {
    answer = (_request, response) => response.setHeader('x-echo', text).end(`before ${text} after`)
    const outcome = await run(
      "const r = await http.get('http://api.example', { headers: { a: secret('stripe') } }); return [r.text, r.headers['x-echo']]",
    )
    const told = JSON.stringify(outcome)
    expect(told).toContain('[secret stripe]')
    expect(told).not.toContain(value)
    expect(told).not.toContain(value.slice(6, 26))
    expect(told).not.toContain(text)
  })

  test('that come back as the name of a header are taken out, though names are in small letters', async () => {
    answer = (_request, response) => response.setHeader(`x-${value}`, 'there').end()
    const told = JSON.stringify(
      await run("return (await http.get('http://api.example', { headers: { a: secret('stripe') } })).headers"),
    )
    expect(told).toContain('x-[secret stripe]')
    expect(told.toLowerCase()).not.toContain(value.toLowerCase())
  })

  test('are in no record', async () => {
    const outcome = await run(get('http://api.example', bearer))
    expect(outcome.record?.calls).toHaveLength(1)
    expect(JSON.stringify(outcome)).not.toContain(value)
  })

  test('that are not there are told by name', async () => {
    const outcome = await run(get('http://api.example', "{ headers: { a: secret('constructor') } }"))
    expect(outcome).toMatchObject({ failed: 'error', message: 'There is no secret "constructor".' })
  })
})

describe('limits', () => {
  test('of bytes', async () => {
    answer = (_, response) => response.end('x'.repeat(2_000))
    expect(await run(get('http://api.example'), { maxBytes: 1_000 })).toMatchObject({
      failed: 'error',
      message: 'The answer is longer than 1000 bytes.',
    })
  })

  test('of time, also of answers that never end', async () => {
    answer = (_, response) => response.write('x')
    expect(await run(get('http://api.example'), { timeoutMs: 50 })).toMatchObject({
      failed: 'error',
      message: '"api.example" took too long to answer.',
    })
  })

  test('of the script end its requests', async () => {
    const ended = new Promise<void>((resolve) => {
      answer = (_, response) => response.on('close', resolve)
    })
    expect(await run(get('http://api.example'), {}, { timeMs: 300 })).toMatchObject({ failed: 'timeout' })
    if (seen.length > 0) await ended
  })

  test('of requests', async () => {
    const body = "for (;;) { try { await http.get('http://api.example') } catch {} }"
    expect(await run(body, {}, { httpCalls: 2 })).toMatchObject({ failed: 'host-calls' })
    expect(seen).toHaveLength(2)
  })

  test('of forms: nothing is unpacked', async () => {
    answer = (_, response) => response.setHeader('content-encoding', 'gzip').end('x')
    expect(await run(get('http://api.example'))).toMatchObject({
      failed: 'error',
      message: expect.stringContaining('compressed'),
    })
  })

  test('a host that is away is told without what was sent', async () => {
    answer = (request) => request.socket.destroy()
    expect(await run(get('http://api.example'))).toMatchObject({
      failed: 'error',
      message: '"api.example" could not be asked (ECONNRESET).',
    })
  })
})
