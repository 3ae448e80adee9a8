import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { invoicingFiles, root } from './golden/invoicing-files.ts'

/**
 * Writes the golden files of the example; tests only compare. With `--check` nothing is written: it prints the files that differ and ends with 1 if any
 * does. The committed migration has a command of its own, `rowhouse migrate examples/invoicing --write-first`.
 */
const isCheck = process.argv.includes('--check')
for (const [path, text] of Object.entries(await invoicingFiles())) {
  if (textOf(path) === text) continue
  if (!isCheck) writeFileSync(join(root, path), text)
  console.log(`${isCheck ? 'differs' : 'written'}  ${path}`)
  if (isCheck) process.exitCode = 1
}

function textOf(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
}
