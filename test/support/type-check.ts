import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterThisFile } from './after-this-file.ts'

const root = join(import.meta.dirname, '../..')
const tsc = join(root, 'node_modules/.bin/tsc')
/** What an app may import from is in these files, and what they import. */
const rooms = ['base', 'schema', 'policies', 'migrations', 'scripts', 'workers', 'server', 'client']

/**
 * What the compiler says of an app within the repository, in the setting of the example; empty where all is well. It is checked beside the
 * declarations of Rowhouse, as from the package: beside its sources, these would be checked with every app, which takes four times as long.
 */
export function typeFaults(folder: string): string {
  const paths = declaredPaths()
  const { compilerOptions, include } = JSON.parse(readFileSync(join(root, 'examples/invoicing/tsconfig.json'), 'utf8'))
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, paths }, include }),
  )
  return faults(['-p', resolve(folder)])
}

/** By what apps import. */
type Paths = Readonly<Record<string, readonly [file: string]>>
let known: Paths | null = null

/** The declarations, made once a test file. */
function declaredPaths(): Paths {
  if (known !== null) return known
  mkdirSync(join(root, '.tmp'), { recursive: true })
  // Inside the repository, where they find the types of others; git ignores it.
  const folder = mkdtempSync(join(root, '.tmp', 'declared-'))
  afterThisFile(() => {
    known = null
    rmSync(folder, { recursive: true, force: true })
  })
  const { exports, imports }: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const compilerOptions = { emitDeclarationOnly: true, noCheck: true, rootDir: root, outDir: folder }
  const include = rooms.map((room) => join(root, room))
  const config = join(folder, 'tsconfig.json')
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.build.json'), compilerOptions, include }))
  const told = faults(['-p', config])
  if (told !== '') throw new Error(`The declarations cannot be made:\n${told}`)
  // `#schema` in a declaration is a declaration too.
  const declared = Object.entries(imports).map(([name, file]) => [name, file.replace(/\.ts$/, '.d.ts')])
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports: Object.fromEntries(declared) }))
  const sources = Object.entries(exports).filter(([, file]) => file.endsWith('.ts'))
  const pathOf = (file: string): readonly [string] => [join(folder, file.replace(/\.ts$/, '.d.ts'))]
  known = Object.fromEntries(sources.map(([name, file]) => [name.replace('.', 'rowhouse'), pathOf(file)]))
  return known
}

interface Manifest {
  readonly exports: Readonly<Record<string, string>>
  readonly imports: Readonly<Record<string, string>>
}

function faults(args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(tsc, args, { encoding: 'utf8', cwd: root })
  if (error !== undefined) throw error
  return stdout + stderr
}
