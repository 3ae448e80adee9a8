import { printApp } from '#policies'
import type { Model } from '#schema'
import type { Least } from './shrink.ts'

/** The seed, the policies as an author writes them, who tried what on which rows, both answers, and how to see it again. */
export function printDifference(seed: number, { asked, verdict }: Least, count: number): string {
  const { caller, attempt, backEnd, meant, found, detail } = verdict
  const word = (allowed: boolean) => (allowed ? 'allowed' : 'refused')
  return [
    `seed ${seed}: ${count} differences; the smallest case of the first`,
    ...policiesOf(asked.model),
    `rows: ${JSON.stringify(Object.fromEntries(Object.entries(asked.rows).filter(([, rows]) => rows.length > 0)))}`,
    `caller: ${JSON.stringify(caller)}`,
    `${attempt.verb} ${attempt.entity}: ${JSON.stringify(attempt.row)}`,
    `given: ${JSON.stringify(attempt.given)}`,
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
    return model.policies.filter(({ entity }) => spoken.has(entity)).map((policy) => JSON.stringify(policy, null, 2))
  }
}
