import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { examineNode } from '../../cli/doctor/examine-environment.ts'
import { clock, encryption, versionFindings } from '../../cli/doctor/examine-server.ts'
import { failure } from '../../cli/doctor/finding.ts'
import { sqlReport, textReport } from '../../cli/doctor/report.ts'
import { runRowhouse } from '../cli/support/run-rowhouse.ts'
import { askDoctor } from './support/ask-doctor.ts'

const scratch = mkdtempSync(join(tmpdir(), 'rowhouse-doctor-'))
// As root, Postgres runs as an account that must be able to enter.
chmodSync(scratch, 0o755)
const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
  rmSync(scratch, { recursive: true, force: true })
})

const example = 'examples/invoicing'
const data = { ROWHOUSE_DATA: join(scratch, 'data') }
const url = (port: number | string, rest = '/shop') => `postgres://sam:hush-hush-99@127.0.0.1:${port}${rest}`

/** A server that takes connections, and answers as it is told. */
async function listening(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('an app without a database of its own is fine', async () => {
  const found = await askDoctor(example, data)
  expect(found.exitCode).toBe(0)
  expect(found.text).toMatch(/All fine/)
  expect(found.sql).toBe('-- Nothing to mend with SQL.')
})

test('the three forms tell the same', async () => {
  // It reads before it ends: unread bytes would make a reset of it, or not.
  const port = await listening((socket) => socket.once('data', () => socket.end()))
  const env = { ...data, PORT: '0', DATABASE_URL: url(port), ROWHOUSE_MIGRATE_URL: url(port) }
  const [text, json, sql] = await Promise.all(
    [[], ['--json'], ['--sql']].map((flags) => runRowhouse(['doctor', example, ...flags], { env })),
  )
  for (const ended of [text!, json!, sql!]) expect(ended).toMatchObject({ code: 3, stderr: '' })
  const document = JSON.parse(json!.stdout)
  expect(document).toMatchObject({ version: 1, healthy: false, exitCode: 3 })
  for (const { message } of document.findings) expect(text!.stdout).toContain(message)
  expect(sql!.stdout).toBe('-- Nothing to mend with SQL.\n')
})

test('a data folder that Postgres cannot enter', async () => {
  const closed = join(scratch, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  chmodSync(closed, process.getuid?.() === 0 ? 0o700 : 0o500)
  const found = await askDoctor(example, { ROWHOUSE_DATA: join(closed, 'data') })
  expect(found.complaints).toEqual(['fail DATA_FOLDER_UNREACHABLE'])
  expect(found.exitCode).toBe(3)
})

test('no app here, no database: the environment alone', async () => {
  const ended = await runRowhouse(['doctor'], { cwd: scratch, env: data })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toContain('There is no app here')
  expect(await runRowhouse(['doctor', join(scratch, 'nowhere')])).toMatchObject({ code: 2, stdout: '' })
  expect(await runRowhouse(['doctor', example, '--json', '--sql'])).toMatchObject({ code: 2, stdout: '' })
})

test('a server that is not there, one that never answers, one that hangs up', async () => {
  const silent = await listening(() => undefined)
  const rude = await listening((socket) => socket.destroy())
  const nobody = await listening((socket) => socket.destroy())
  closing.pop()!()
  for (const port of [silent, rude, nobody]) {
    const env = { ...data, DATABASE_URL: url(port), ROWHOUSE_MIGRATE_URL: url(port) }
    const found = await askDoctor(example, env)
    expect(found.complaints).toContain('fail DATABASE_UNREACHABLE')
    expect(found.exitCode).toBe(3)
    expect(found.text).toContain(`127.0.0.1:${port}`)
    expect(found.text + found.sql + JSON.stringify(found.findings)).not.toContain('hush')
  }
}, 60_000)

test.each([
  'postgres://sam:hush-hush-99',
  'hush-hush-99',
  'postgres://sam:12/hush-hush-99@db.example/shop',
  'postgres://sam:pw@127.0.0.1:99999999/hush-hush-99@x',
  'postgres://sam:hush-hush-99@127.0.0.1/shop?port=hush-hush-99',
  'mysql://sam:hush-hush-99@db.example/shop',
])('an address that is none, %#, is not repeated', async (address) => {
  const found = await askDoctor(example, { ...data, DATABASE_URL: address, ROWHOUSE_MIGRATE_URL: address })
  expect(found.complaints).toContain('fail DATABASE_URL_INVALID')
  expect(found.exitCode).toBe(3)
  expect(found.text + found.sql + JSON.stringify(found.findings)).not.toContain('hush')
})

test('settings that are wrong or half there', async () => {
  const wrong = await askDoctor(example, { ...data, ROWHOUSE_POOL_SIZE: 'many', ROWHOUSE_JWT_ISSUER: 'x' })
  expect(wrong.complaints).toContain('fail CONFIG_INVALID')
  const port = await listening((socket) => socket.destroy())
  const half = await askDoctor(example, { ...data, DATABASE_URL: url(port) })
  expect(half.text).toContain('ROWHOUSE_MIGRATE_URL is not set, and DATABASE_URL is.')
  expect(half.text).toContain('No issuer of tokens is set.')
})

test('an issuer that is not there, and one without keys', async () => {
  const gone = await listening((socket) => socket.destroy())
  const other = await listening((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}'),
  )
  for (const [port, says] of [
    [gone, 'does not answer'],
    [other, 'holds no keys'],
  ] as const) {
    const jwks = {
      ROWHOUSE_JWKS_URL: `http://localhost:${port}/jwks?key=hush-hush-99`,
      ROWHOUSE_JWT_ISSUER: 'i',
      ROWHOUSE_JWT_AUDIENCE: 'a',
    }
    const { text } = await askDoctor(example, { ...data, ...jwks })
    expect(text).toContain(`http://localhost:${port}/jwks ${says}`)
    expect(text).not.toContain('hush')
  }
})

test('an app with mistakes is summed up, and the rest is looked at all the same', async () => {
  const folder = join(scratch, 'broken')
  mkdirSync(join(folder, 'schema'), { recursive: true })
  writeFileSync(join(folder, 'schema', 'a.entity.ts'), 'export const = 1')
  const found = await askDoctor(folder, data)
  expect(found.exitCode).toBe(1)
  expect(found.text).toContain('FILE_SYNTAX_INVALID')
  expect(found.findings.map(({ subject }) => subject)).toContain('embedded')
})

test('a port that is taken is a warning with its code', async () => {
  const port = await listening((socket) => socket.destroy())
  const found = await askDoctor(example, { ...data, PORT: String(port), HOST: '127.0.0.1' })
  expect(found.complaints).toContain('warn PORT_IN_USE')
  expect(found.exitCode).toBe(0)
})

test('Node, clocks, encryption and versions', () => {
  expect(examineNode('22.17.9')).toMatchObject({ status: 'fail', code: 'NODE_TOO_OLD' })
  expect(examineNode('20.19.0').status).toBe('fail')
  for (const version of ['22.18.0', '24.0.0']) expect(examineNode(version).status).toBe('ok')
  expect(clock(-60_000).message).toContain('60 seconds behind')
  expect(clock(4000).status).toBe('ok')
  const place = (host: string) => ({ host, port: '5432', user: 'a', database: 'b' })
  for (const host of ['localhost', '127.0.0.1', '[::1]', '/run/postgresql'])
    expect(encryption(false, place(host)).status).toBe('ok')
  for (const host of ['db.example', '10.0.0.7', '127.evil.example.'])
    expect(encryption(true, place(host)).status).toBe('ok')
  expect(encryption(false, place('db.example')).status).toBe('warn')
  expect(versionFindings('18.4', 180_004).map(({ status }) => status)).toEqual(['warn', 'warn', 'warn'])
  expect(versionFindings('18.7', 180_007)).toMatchObject([{ status: 'ok' }])
})

test('a name with line breaks cannot add SQL, nor a line of the report', () => {
  const message = 'Role "x\n\u2028drop database shop;\r\u001b[31m" is bad.'
  const finding = failure({
    area: 'database',
    subject: 'roles',
    message,
    why: 'x',
    code: 'ROLE_UNSAFE',
    fix: { as: 'as\nadministrator', sql: ['select "\u001b[31m";'] },
  })
  expect(sqlReport([finding]).split(/[\n\u2028]/)).toHaveLength(2)
  const lines = textReport([finding], 'docs').split(/[\n\u2028]/)
  expect(lines.filter((line) => line.startsWith('drop'))).toEqual([])
  expect(lines.join('')).not.toContain('\u001b')
})
