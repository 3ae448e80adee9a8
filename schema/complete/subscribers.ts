import type { SubscriberDeclaration } from '../dsl/declaration.ts'
import type { Problems } from '../load/problems.ts'
import type { Subscriber } from '../model/model.ts'
import { readOptions } from './options.ts'

/** A subscriber as it was declared, with the path of its file without the ending. */
export interface DeclaredSubscriber {
  readonly name: string
  readonly declared: SubscriberDeclaration
}

/** How often an event is handed over when nobody says how often it is tried again. */
const usualRetries = 5

/** Read where files of workers are. */
const ofJobs = ['as', 'backoffSeconds', 'timeoutSeconds', 'perTenant']

/** The subscribers of an app, sorted by name. */
export function completeSubscribers(given: readonly DeclaredSubscriber[], problems: Problems): readonly Subscriber[] {
  return given
    .map(({ name, declared }) => completeSubscriber(name, declared, problems))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function completeSubscriber(name: string, declared: SubscriberDeclaration, problems: Problems): Subscriber {
  const path = ['subscribers', name]
  const { events } = declared
  const names: readonly unknown[] = Array.isArray(events) ? events : [events]
  const isSound = names.length > 0 && names.every((each) => typeof each === 'string')
  if (!isSound) {
    const hint = "Write on('Order.created', …) or on(['Order.created', 'Order.deleted'], …)."
    problems.report('OPTION_INVALID', { path }, 'A subscriber names the events that it is for.', { hint })
  }
  if (typeof declared.run !== 'function' && declared.at !== null) {
    const hint = "Write on('Order.created', async ({ event, db }) => { … })."
    problems.report('OPTION_INVALID', { path }, 'A subscriber has a function that is called with each event.', { hint })
  }
  const options = readOptions(declared.options, path, problems)
  const retries = options.integer('retries') ?? usualRetries
  if (retries < 0 || retries > 1000)
    problems.report('OPTION_INVALID', { path: [...path, 'retries'] }, '"retries" must be from 0 to 1000.')
  for (const option of ofJobs) options.raw(option)
  options.done()
  return { name, on: isSound ? [...new Set(names as readonly string[])].toSorted() : [], attempts: retries + 1 }
}
