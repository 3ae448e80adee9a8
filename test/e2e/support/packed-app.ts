import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../cli/support/run-rowhouse.ts'

/** What `npm pack` reads, and what it needs to build. */
const sources =
  'base schema policies migrations scripts workers server cli bin docs tools package.json tsconfig.json tsconfig.build.json README.md LICENSE CHANGELOG.md SECURITY.md'

/** Packs a copy of the repository, so that nothing sees the manifest change meanwhile; path of the tarball in `folder`. */
export function packRowhouse(folder: string): string {
  const copy = join(folder, 'repository')
  const present = new Set(readdirSync(root))
  for (const name of sources.split(' ').filter((each) => present.has(each)))
    cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'))
  const printed = npm(['pack', '--json', '--pack-destination', folder], copy)
  const [{ filename }] = JSON.parse(printed.slice(printed.indexOf('['))) as [{ filename: string }]
  return join(folder, filename)
}

/**
 * Installs a tarball as npm would, without the network: the package itself is unpacked, what it depends on is linked from here.
 */
export function installPacked(tarball: string, app: string): void {
  const modules = join(app, 'node_modules')
  const target = join(modules, 'rowhouse')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  const ours = realpathSync(join(root, 'node_modules'))
  for (const name of readdirSync(ours)) {
    if (name !== 'rowhouse' && !name.startsWith('.')) symlinkSync(join(ours, name), join(modules, name))
  }
  mkdirSync(join(modules, '.bin'))
  symlinkSync('../rowhouse/bin/rowhouse.mjs', join(modules, '.bin/rowhouse'))
  symlinkSync('../typescript/bin/tsc', join(modules, '.bin/tsc'))
}

/** Runs npm with the settings of this machine, which may name certificates of its registry; what it printed. */
export function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A folder outside of the repository that every account may enter. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rowhouse-package-'))
  execFileSync('chmod', ['755', path])
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
