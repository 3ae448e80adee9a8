import { codeFrame } from '../source/code-frame.ts'
import { formatSpan } from '../source/span.ts'
import type { Problem } from './model-error.ts'

/**
 * Prints a problem with its code frame, hint and page.
 *
 * @param sourceOf gives the text of a file of the app, or null when it cannot be read
 * @param docs folder of the documents, as whoever reads this would open it
 */
export function formatProblem(problem: Problem, sourceOf: (file: string) => string | null, docs = 'docs'): string {
  const source = problem.at === null ? null : sourceOf(problem.at.file)
  const code = problem.severity === 'warning' ? `warning ${problem.code}` : problem.code
  const lines = [problem.at === null ? code : `${code}  ${formatSpan(problem.at)}`]
  if (problem.at !== null && source !== null) lines.push(indent(codeFrame(source, problem.at, problem.message)))
  else lines.push(`  ${problem.message}`)
  const related = problem.related === null ? '' : `${problem.related.message} ${formatSpan(problem.related.at)}`
  const hint = [problem.hint ?? '', related].filter((part) => part !== '').join('   ')
  if (hint !== '') lines.push(`  hint  ${hint}`)
  lines.push(`  more  ${docs}/errors/${problem.code}.md`)
  return lines.join('\n')
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}
