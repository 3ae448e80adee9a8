import { execFile } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Compiled } from './compile-script.ts'

/** How long one source may take; what people write takes a tenth of a second. */
const mostMs = 15_000

/**
 * Makes a script of a source that somebody else wrote, as `compileScript` does, in a process of its own: readers of languages are no sandboxes, and a source that is nested
 * deep enough ends the process that reads it, or keeps it busy for long. Null: it did.
 */
export function compileApart(name: string, source: string): Promise<Compiled | null> {
  const entry = fileURLToPath(new URL(`./compile-process${extname(import.meta.url)}`, import.meta.url))
  const options = { timeout: mostMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024, env: {} } as const
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [entry], options, (error, stdout) => {
      // A text where the process could not be begun, else how it ended.
      if (error !== null && typeof error.code === 'string') reject(error)
      else resolve(error === null ? (JSON.parse(stdout) as Compiled) : null)
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(JSON.stringify({ name, source }))
  })
}
