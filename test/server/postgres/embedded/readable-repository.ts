import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterThisFile } from '../../../support/after-this-file.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '')
const parts = ['package.json', 'base', 'schema', 'policies', 'migrations', 'server', 'node_modules']
const tests = 'test/server/postgres/embedded'

/** Of this repository, where every user may read it. */
export interface ReadableRepository {
  readonly root: string
  /** Node that belongs to it. */
  readonly node: string
}

let copy: ReadableRepository | null = null

/** This repository or, when it lies below a folder that others may not enter, such as root's home, what a child needs of it, elsewhere. */
export function readableRepository(): ReadableRepository {
  if (isOpenToAll(root) && isOpenToAll(process.execPath)) return { root, node: process.execPath }
  copy ??= makeCopy()
  return copy
}

function makeCopy(): ReadableRepository {
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-readable-'))
  afterThisFile(() => {
    copy = null
    rmSync(folder, { recursive: true, force: true })
  })
  chmodSync(folder, 0o755)
  for (const part of parts) copyInto(folder, part)
  mkdirSync(join(folder, dirname(tests)), { recursive: true })
  cpSync(join(root, tests), join(folder, tests), { recursive: true })
  return { root: folder, node: join(folder, 'node_modules/node/bin/node') }
}

/** By hard links where the file system allows it. */
function copyInto(folder: string, part: string): void {
  try {
    execFileSync('cp', ['-al', join(root, part), folder], { stdio: 'ignore' })
  } catch {
    cpSync(join(root, part), join(folder, part), { recursive: true, verbatimSymlinks: true })
  }
}

function isOpenToAll(path: string): boolean {
  const above = dirname(path)
  return (statSync(path).mode & 0o005) === 0o005 && (above === path || isOpenToAll(above))
}
