import type { Verification } from './context.ts'

/** A view is fenced once: whoever left it alone would take the right to it from the other. */
export function verifyAdoptedViews({ model, problems }: Verification): void {
  const first = new Map<string, string>()
  for (const { name, source } of model.entities) {
    if (source.kind !== 'view') continue
    const at = `${source.schema}.${source.view}`
    const known = first.get(at)
    first.set(at, known ?? name)
    if (known === undefined) continue
    const related = { message: 'the other is declared in', path: [known, 'adopt'], part: 'key' } as const
    const hint = 'Say it once, with the rules of both.'
    const message = `"${known}" and "${name}" both adopt the view "${at}".`
    problems.report('NAME_CLASH', { path: [name, 'adopt'], part: 'key' }, message, { hint, related })
  }
}
