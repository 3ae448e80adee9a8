import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { referenceFiles } from './reference/reference-files.ts'

/**
 * Writes the reference of the language and the list of errors; `--check` only compares. Whatever apps can import or say without a doc comment, an example
 * or a page is told, and ends it with 1.
 */
const root = join(import.meta.dirname, '..')
const isCheck = process.argv.includes('--check')
const { files, complaints } = await referenceFiles()
for (const complaint of complaints) console.log(complaint)
for (const [path, text] of Object.entries(files)) {
  if (textOf(path) === text) continue
  if (!isCheck) writeFileSync(join(root, path), text)
  console.log(isCheck ? `differs  ${path}: run node tools/reference.ts` : `written  ${path}`)
  if (isCheck) process.exitCode = 1
}
if (complaints.length > 0) process.exitCode = 1

function textOf(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null
  }
}
