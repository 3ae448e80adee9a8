import { plainVerbs } from '../model/verbs.ts'
import type { Verification } from './context.ts'

/** Verbs of mutations that every entity may have, though rules do not speak of them. */
const mutationVerbs = ['move', 'upsert']

/** Each verb of an entity has its own name, and what runs is named in a known form. */
export function verifyVerbs(check: Verification): void {
  for (const entity of check.model.entities) {
    const taken = new Set<string>([...plainVerbs, 'anything', ...mutationVerbs])
    for (const { name, runs } of entity.lifecycle?.transitions ?? []) {
      const path = [entity.name, 'lifecycle', 'transitions', name]
      verifyVerb(check, name, path, taken)
      if (runs !== null) verifyRuns(check, runs, path, 'workers')
    }
    for (const { name, runs } of entity.actions) {
      const path = [entity.name, 'actions', name]
      verifyVerb(check, name, path, taken)
      verifyRuns(check, runs, path, 'scripts|workers|actions')
    }
  }
  for (const { name, runs } of check.model.actions ?? [])
    verifyRuns(check, runs, ['actions', name], 'scripts|workers|actions')
}

function verifyVerb({ problems }: Verification, name: string, path: readonly string[], taken: Set<string>): void {
  if (taken.has(name)) {
    const hint = `Taken are ${[...taken].join(', ')}.`
    problems.report('VERB_CLASH', { path, part: 'key' }, `"${name}" is a verb of this entity already.`, { hint })
  }
  taken.add(name)
}

function verifyRuns({ problems }: Verification, runs: string, path: readonly string[], folders: string): void {
  if (new RegExp(`^(${folders})(/[a-z0-9]+(-[a-z0-9]+)*)+$`).test(runs)) return
  const isTransition = folders === 'workers'
  const hint = isTransition
    ? "A transition adds a job: 'workers/ship-order', without the ending of the file. What runs inside of its transaction is a hook."
    : "Write the file without its ending: 'scripts/duplicate-order' or 'workers/send-reminder'."
  const what = isTransition ? 'no worker' : 'no script or worker'
  const message = runs === '' ? 'An action says what it runs.' : `"${runs}" is ${what}.`
  const place = runs === '' ? { path, part: 'key' as const } : { path: [...path, 'runs'] }
  problems.report('ACTION_RUNS_INVALID', place, message, { hint })
}
