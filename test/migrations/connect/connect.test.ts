import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { checkServerVersion, refuseOldVersion } from '../../../migrations/connect/check-server-version.ts'
import { connect } from '../../../migrations/connect/connect.ts'
import { firstSafeMinor, knownHoles } from '../../../migrations/connect/known-holes.ts'
import { useDatabase } from '../../support/database.ts'

const db = useDatabase()

/** Address of the test database with other parts. */
function address(parts: Readonly<Record<string, string>>): string {
  return Object.assign(new URL(db().loginUrl), parts).href
}

/** Everything that an operator could see of an error. */
async function shown(connecting: Promise<unknown>): Promise<{ code: string; text: string }> {
  const error = await connecting.then(
    () => expect.fail('it connected'),
    (reason: Error & { code: string; hint: string }) => reason,
  )
  const causes: string[] = []
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    causes.push(each.message, each.stack ?? '', JSON.stringify(each, Object.getOwnPropertyNames(each)))
  }
  return { code: error.code, text: `${causes.join('\n')}\n${error.hint}` }
}

describe('connect says what is wrong, with host and port, never with the password', () => {
  test('nobody listens', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const { code, text } = await shown(connect(address({ port: String(port), password: 'hush-hush' })))
    expect(code).toBe('DATABASE_UNREACHABLE')
    expect(text).toContain(`127.0.0.1:${port}`)
    expect(text).not.toContain('hush-hush')
  })

  test('the host does not exist', async () => {
    const { code, text } = await shown(connect(address({ hostname: 'nowhere.invalid', password: 'hush-hush' })))
    expect(code).toBe('DATABASE_UNREACHABLE')
    expect(text).toContain('nowhere.invalid')
    expect(text).not.toContain('hush-hush')
  })

  test('somebody listens who says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const { code } = await shown(connect(address({ port: String(port) }), { timeoutMs: 100 }))
    server.close()
    expect(code).toBe('DATABASE_UNREACHABLE')
  })

  test('somebody else than Postgres listens', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const { code } = await shown(connect(address({ port: String(port) }), { timeoutMs: 2000 }))
    server.close()
    expect(code).toBe('DATABASE_UNREACHABLE')
  })

  test('the password is wrong', async () => {
    const { code, text } = await shown(connect(address({ password: 'hush-hush' })))
    expect(code).toBe('DATABASE_LOGIN_REFUSED')
    expect(text).toContain(db().names.login)
    expect(text).not.toContain('hush-hush')
  })

  test('there is no such login', async () => {
    const { code } = await shown(connect(address({ username: 'nobody-of-that-name', password: 'x' })))
    expect(code).toBe('DATABASE_LOGIN_REFUSED')
  })

  test('there is no such database', async () => {
    const { code, text } = await shown(connect(address({ pathname: '/no%20such' })))
    expect(code).toBe('DATABASE_MISSING')
    expect(text).toContain('"no such"')
  })

  test.each([
    '',
    'hush-hush',
    'mysql://u:hush-hush@h/d',
    'postgres://u:hush-hush@[h/d',
    'postgres://u:hush-hush@h/d?port=none',
    'postgres://u:hush-hush@h/d?sslrootcert=/no/such/file',
  ])('the address is none: %s', async (url) => {
    const { code, text } = await shown(connect(url))
    expect(code).toBe('DATABASE_URL_INVALID')
    expect(text).not.toContain('hush-hush')
  })
})

test('a lost connection fails the next query, not the process', async () => {
  const client = await connect(db().migratorUrl)
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const other = await connect(db().migratorUrl)
  await other.query('select pg_terminate_backend($1)', [rows[0].pid])
  await other.end()
  await expect(client.query('select 1')).rejects.toThrow()
  await client.end().catch(() => undefined)
})

describe('versions of Postgres', () => {
  test('the page of the versions shows every known hole with its first fixed minors', () => {
    const page = readFileSync('docs/reference/postgres-versions.md', 'utf8')
    for (const { cve, fixed, unreached } of knownHoles) {
      const minors = Object.entries(fixed).map(([major, minor]) => `${major}.${minor}`)
      const row = page
        .split('\n')
        .find((line) => line.includes(`[${cve}](https://www.postgresql.org/support/security/${cve}/)`))
      expect(row, cve).toContain(`| ${minors.join(', ')} |`)
      expect(row, cve).toContain(unreached === null ? '| refused |' : '| warned |')
    }
    expect(page.match(/^\| \[CVE-/gm)).toHaveLength(knownHoles.length)
    for (const major of [15, 16, 17]) expect(page).toContain(`${major}.${firstSafeMinor(major)}`)
  })

  test('no request meets the holes of `on conflict do update`, because nothing that requests run says it', () => {
    const folders = ['migrations/catalog', 'migrations/system', 'policies/to-sql', 'server/graphql', 'server/postgres']
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    const sources = files.filter((file) => /\.(ts|sql)$/.test(file))
    expect(sources.length).toBeGreaterThan(100)
    const says = /\bdo\s+update\s+set\b|\bmerge\s+into\b/i
    expect(sources.filter((file) => says.test(readFileSync(file, 'utf8')))).toEqual([])
  })

  test('the one of the connected server', async () => {
    const version = await checkServerVersion(db().migrator)
    expect(version.major).toBe(db().major)
    expect(version.text).toMatch(new RegExp(`^${version.major}\\.\\d+$`))
  })

  test.each([
    ['14.23', 140_023, /needs 15 or later/],
    ['15.2', 150_002, /CVE-2023-2454, CVE-2023-2455, CVE-2023-39418/],
    ['15.8', 150_008, /CVE-2024-10976/],
    ['15.13', 150_013, /CVE-2025-8713/],
    ['16.4', 160_004, /CVE-2024-10976/],
    ['16.9', 160_009, /CVE-2025-8713/],
    ['17.0', 170_000, /CVE-2024-10978/],
    ['17.5', 170_005, /CVE-2025-8713/],
  ])('%s is refused', (text, number, message) => {
    expect(() => refuseOldVersion(text, number)).toThrow(
      expect.objectContaining({ code: 'DATABASE_TOO_OLD', message: expect.stringMatching(message) }),
    )
  })

  test.each([
    ['15.14', 150_014],
    ['16.10', 160_010],
    ['17.6', 170_006],
    ['18.0', 180_000],
    ['19beta1', 190_000],
  ])('%s passes', (text, number) => {
    expect(() => refuseOldVersion(text, number)).not.toThrow()
  })
})
