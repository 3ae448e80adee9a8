import type { Unexercised } from './coverage.ts'
import type { Result } from './run-tests.ts'
import { placeOf } from './test-files.ts'

/** What the tests came to, for people: failures with their places, and how many rules were exercised. */
export function reportText(results: readonly Result[], missing: readonly Unexercised[], rules: number): string {
  const failed = results.filter(({ outcome }) => outcome !== 'passed')
  const tests = [...new Set(results.map(({ written }) => written))].map((written) => {
    const own = results.filter((result) => result.written === written)
    const wrong = own.filter(({ outcome }) => outcome !== 'passed').length
    return `${wrong === 0 ? '✓' : '✗'} ${written.test.name}: ${own.length - wrong} of ${own.length}  ${written.file}`
  })
  const exercised = `${rules - missing.length} of ${rules} rules were exercised.`
  return [
    ...tests,
    ...failed.flatMap((each) => ['', ...failureLines(each)]),
    '',
    `${results.length - failed.length} of ${results.length} expectations hold. ${exercised}`,
    ...missing.map(({ entity, title }) => `  ${entity}: ${title}`),
  ].join('\n')
}

function failureLines(result: Result): readonly string[] {
  const { file, line } = placeOf(result.written, result.words)
  return [`✗ ${result.words}: ${result.expected}`, `  ${file}:${line}`, `  ${saidOf(result)}`]
}

/** What was said instead, in one line. */
function saidOf({ outcome, obstacle, database, evaluated, decision }: Result): string {
  const decided = decision.rule === null ? `no rule (${decision.reason})` : `"${decision.rule}" (${decision.reason})`
  switch (outcome) {
    case 'disagrees':
      return `Postgres says ${database}, the evaluator ${evaluated}, by ${decided}. They must agree: this is a fault of Rowhouse.`
    case 'unasked':
      return `Postgres could not be asked: ${obstacle}`
    default:
      return `It is ${database}, by ${decided}.`
  }
}

/** What the tests came to, for programs. */
export function reportJson(results: readonly Result[], missing: readonly Unexercised[]): object {
  return {
    expectations: results.map(({ written, words, expected, database, evaluated, outcome, obstacle, decision }) => ({
      ...{ test: written.test.name, file: written.file, line: placeOf(written, words).line, words },
      ...{ expected, database, evaluated, outcome, obstacle, rule: decision.rule, reason: decision.reason },
    })),
    unexercised: missing,
  }
}
