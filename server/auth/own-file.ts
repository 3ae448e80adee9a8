import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { postgresUser } from '../postgres/embedded/os-user.ts'
import { refuseUnsafeFolder, unsafe } from '../postgres/embedded/unsafe-folder.ts'

/** A file of a data folder that nobody else may read. */
export interface OwnFile {
  readonly dataFolder: string
  readonly name: string
  /** What it holds when it is made, on first use. */
  readonly make: () => Promise<string>
}

/**
 * What the file holds.
 *
 * @throws OperatorError DATA_FOLDER_UNSAFE when somebody else could have put it there, or read it
 */
export async function readOwnFile({ dataFolder, name, make }: OwnFile): Promise<string> {
  const path = join(dataFolder, name)
  refuseUnsafeFolder(dataFolder, postgresUser(join(dataFolder, 'postgres', 'cluster'))?.uid)
  return (await readText(path)) ?? (await create(dataFolder, path, await make()))
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readOwn(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    if (code === 'ELOOP') throw unsafe(path, 'is a link')
    if (code === 'EACCES') throw unsafe(path, 'is not yours to read')
    throw error
  }
}

/** A key that somebody else put there, or could read, would be no secret. */
async function readOwn(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const found = await file.stat()
    if (!found.isFile()) throw unsafe(path, 'is no file')
    if (process.getuid !== undefined) {
      if (found.uid !== process.getuid()) throw unsafe(path, `belongs to user ${found.uid}`)
      if ((found.mode & 0o077) !== 0) throw unsafe(path, 'is open to others')
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Written whole under another name and then linked, so that two first starts end up with one key. */
async function create(dataFolder: string, path: string, text: string): Promise<string> {
  // The account that the embedded Postgres runs as must be able to pass; the file itself is closed.
  await mkdir(dataFolder, { recursive: true, mode: 0o755 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
  return readOwn(path)
}
