import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What the compiler said about an app. */
export interface Compiled {
  /** One line for each error and its details, paths relative to the app. */
  readonly messages: readonly string[]
  /** Instantiations of types: the deterministic measure of the compiler's work. */
  readonly instantiations: number
}

/** Compiles the app in a folder with its own tsconfig. */
export async function compile(folder: string): Promise<Compiled> {
  const compiler = join(root, 'node_modules/.bin/tsc')
  const output = await new Promise<string>((resolve) => {
    // One thread: several checkers would each count what they share.
    execFile(
      compiler,
      ['-p', '.', '--extendedDiagnostics', '--singleThreaded', '--pretty', 'false'],
      { cwd: folder },
      (_error, stdout) => resolve(stdout),
    )
  })
  const [before, after] = output.split(/^Files:/m)
  const instantiations = Number(/^Instantiations:\s+(\d+)/m.exec(after ?? '')?.[1])
  return { messages: before!.split('\n').filter((line) => line !== ''), instantiations }
}

/** A folder inside of the package, so that `rowhouse/…` resolves; gone after the disposal. */
export function scratchFolder(): Disposable & { readonly path: string } {
  const parent = join(root, '.tmp')
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, 'types-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
