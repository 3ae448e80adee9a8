import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ModelError, type Problem, type SourceSpan } from '#base'
import type { PolicyTestDeclaration } from '#policies'

/** A policy test and the file that it stands in. */
export interface WrittenTest {
  readonly test: PolicyTestDeclaration
  /** Relative to the app, with `/`. */
  readonly file: string
  readonly text: string
}

/**
 * Policy tests of an app, by file.
 *
 * @throws ModelError POLICY_TEST_INVALID for files that cannot be run or export none
 */
export async function testFiles(folder: string): Promise<readonly WrittenTest[]> {
  const home = join(folder, 'policies')
  const paths = existsSync(home) ? readdirSync(home, { recursive: true, encoding: 'utf8' }) : []
  const tests: WrittenTest[] = []
  const problems: Problem[] = []
  for (const path of paths.filter((each) => each.endsWith('.policy.test.ts')).toSorted()) {
    const full = join(home, path)
    const written = { file: relative(folder, full).split(sep).join('/'), text: readFileSync(full, 'utf8') }
    const exported = await import(pathToFileURL(full).href).catch((error: unknown) => {
      const [first = ''] = String(error instanceof Error ? error.message : error).split('\n')
      problems.push(invalid(`This file cannot be run: ${first}`, spanAt(written, 0, 0), 'Mend the file.'))
      return null
    })
    if (exported === null) continue
    const found = Object.values(exported).filter(isPolicyTest)
    if (found.length === 0)
      problems.push(
        invalid(
          'This file exports no policy test.',
          spanAt(written, 0, 0),
          "Write `export const orders = policyTest('orders', { … })`.",
        ),
      )
    tests.push(...found.map((test) => ({ ...written, test })))
  }
  if (problems.length > 0) throw new ModelError(problems)
  return tests
}

function isPolicyTest(given: unknown): given is PolicyTestDeclaration {
  return typeof given === 'object' && given !== null && (given as { readonly kind?: unknown }).kind === 'policyTest'
}

/** A problem of a policy test. */
export function invalid(message: string, at: SourceSpan | null, hint: string | null): Problem {
  return { code: 'POLICY_TEST_INVALID', severity: 'error', message, at, hint, related: null }
}

/** Where words stand in a test's file, in quotes or as a key: the first place behind the test's name, the beginning where they do not. */
export function placeOf({ text, file, test }: WrittenTest, words: string): SourceSpan {
  const from = Math.max(0, text.indexOf(test.name))
  const forms = [`'${words}'`, `"${words}"`, `\`${words}\``, `'${words.replaceAll("'", "\\'")}'`]
  const found = forms.map((form) => text.indexOf(form, from)).find((at) => at >= 0)
  if (found !== undefined) return spanAt({ text, file }, found + 1, words.length)
  const key = new RegExp(`\\b${words.replaceAll(/\W/g, '\\$&')}\\b`).exec(text.slice(from))
  return spanAt({ text, file }, key === null ? 0 : from + key.index, key === null ? 0 : words.length)
}

function spanAt({ text, file }: Pick<WrittenTest, 'text' | 'file'>, at: number, length: number): SourceSpan {
  const before = text.slice(0, at).split('\n')
  const [line, column] = [before.length, before.at(-1)!.length + 1]
  return { file, line, column, endLine: line, endColumn: column + length }
}
