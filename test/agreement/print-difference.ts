import { printApp, type Row } from '#policies'
import type { Model, Rule } from '#schema'
import type { Least } from './shrink.ts'

/** The seed, the policies as an author writes them, who tried what on which rows, both answers, and how to see it again. */
export function printDifference(seed: number, { asked, verdict }: Least, count: number): string {
  const { caller, attempt, backEnd, meant, found, detail } = verdict
  const word = (allowed: boolean) => (allowed ? 'allowed' : 'refused')
  return [
    `seed ${seed}: ${count} differences; the smallest case of the first`,
    ...policiesOf(asked.model),
    ...Object.entries(asked.rows)
      .filter(([, rows]) => rows.length > 0)
      .map(([entity, rows]) => `rows of ${entity}: ${JSON.stringify(rows.map(withoutNulls))}`),
    `caller: ${JSON.stringify(caller)}`,
    `${attempt.verb} ${attempt.entity}: ${JSON.stringify(attempt.row)}`,
    `given: ${JSON.stringify(attempt.given)}${attempt.field === undefined ? '' : `, field: ${attempt.field}`}`,
    ...asked.moves.map((move) => `moved before: ${JSON.stringify(move)}`),
    `evaluator: ${word(meant)}; ${backEnd}: ${word(found)} ${detail}`,
    `again: npm run agreement -- --decisions 1 --seed ${seed} --whole`,
    '',
  ].join('\n')
}

function policiesOf(model: Model): readonly string[] {
  const spoken = new Set(model.policies.filter(({ rules }) => rules.length > 0).map(({ entity }) => entity))
  try {
    const files = Object.entries(printApp(model)).filter(([path]) => path.startsWith('policies/'))
    return files
      .filter(([, text]) => text.includes('policy(') && text.includes('to:'))
      .map(([path, text]) => `// ${path}\n${text}`)
  } catch {
    // What cannot be written down yet is told as it is.
    return model.policies
      .filter(({ entity }) => spoken.has(entity))
      .flatMap(({ entity, rules }) => rules.map((rule) => `${entity}: ${JSON.stringify(said(rule))}`))
  }
}

function withoutNulls(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}

/** What a rule says, without what it leaves out. */
function said(rule: Rule): Partial<Rule> {
  const entries = Object.entries(rule).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(entries)
}
