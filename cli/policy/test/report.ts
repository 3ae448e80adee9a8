import { decisionText, explainDecision } from '#policies'
import type { Model } from '#schema'
import { reasonWords } from '../reason-words.ts'
import { type NamedRule, testableRules } from './coverage.ts'
import type { Result } from './run-tests.ts'
import { placeOf } from './test-files.ts'

/** What the tests came to, for people: failures with their places and the rules that were weighed, and how many rules were exercised. */
export function reportText(results: readonly Result[], missing: readonly NamedRule[], model: Model): string {
  const failed = results.filter(({ outcome }) => outcome !== 'passed')
  const tests = [...new Set(results.map(({ written }) => written))].map((written) => {
    const own = results.filter((result) => result.written === written)
    const wrong = own.filter(({ outcome }) => outcome !== 'passed').length
    return `${wrong === 0 ? '✓' : '✗'} ${written.test.name}: ${own.length - wrong} of ${own.length}  ${written.file}`
  })
  const rules = testableRules(model).length
  const exercised = `${rules - missing.length} of ${rules} rules were exercised.`
  return [
    ...tests,
    ...failed.flatMap((each) => ['', ...failureLines(each, model)]),
    '',
    `${results.length - failed.length} of ${results.length} expectations hold. ${exercised}`,
    ...missing.map(({ entity, title }) => `  ${entity}: ${title}`),
  ].join('\n')
}

function failureLines(result: Result, model: Model): readonly string[] {
  const { file, line } = placeOf(result.written, result.words)
  const rules = rulesText(result, model).split('\n')
  return [
    `✗ ${result.words}: ${result.expected}`,
    `  ${file}:${line}`,
    ...saidOf(result).map((each) => `  ${each}`),
    ...rules.map((each) => `    ${each}`),
  ]
}

/** What both said, and why. */
function saidOf({ outcome, obstacle, database, evaluated, decision, asked, isForeign }: Result): readonly string[] {
  const isHidden = decision.allowed && !evaluated
  const why = isHidden
    ? `the row may be read, but ${asked.field} is not shown`
    : reasonWords(decision, isForeign ? 'another tenant' : null)
  switch (outcome) {
    case 'disagrees':
      return [
        `Postgres says ${database}, the evaluator ${evaluated}: ${why}.`,
        'They must agree: this is a fault of Rowhouse.',
      ]
    case 'unasked':
      return [`Postgres could not be asked: ${obstacle}. The evaluator says ${evaluated}: ${why}.`]
    default:
      return [`It is ${database}, as Postgres and the evaluator say: ${why}.`]
  }
}

/** The rules for this caller, with each clause. */
function rulesText({ decision }: Result, model: Model): string {
  const explained = explainDecision(decision, { model, values: true })
  const rules = explained.rules.filter(({ audience }) => audience)
  const others = explained.rules.length - rules.length
  if (rules.length === 0 && others > 0) return `No rule about this is for this caller, ${others} for others.`
  return decisionText({ ...explained, rules }).trimEnd()
}

/** What the tests came to, for programs. */
export function reportJson(results: readonly Result[], missing: readonly NamedRule[], model: Model): object {
  return {
    expectations: results.map((result) => {
      const { written, words, expected, database, evaluated, outcome, obstacle, decision } = result
      return {
        ...{ test: written.test.name, file: written.file, line: placeOf(written, words).line, words },
        ...{ expected, database, evaluated, outcome, obstacle, rule: decision.rule, reason: decision.reason },
        ...(decision.fields.length === 0 ? {} : { fields: decision.fields }),
        ...(outcome === 'passed' ? {} : { rules: explainDecision(decision, { model, values: true }).rules }),
      }
    }),
    unexercised: missing,
  }
}
