import { quoteIdentifier, RequestError } from '#base'
import { maxTransitionNote, transitionName } from '#migrations'
import { type Entity, groupOf, type Transition, toOnesOf } from '#schema'
import type { Bodies } from '../../bodies/load-bodies.ts'
import { handOver } from '../../jobs/hand-over.ts'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { idFieldName, shownFields } from '../api-names.ts'
import { keyOf } from '../key-fields.ts'
import { mayExpect } from './expectation.ts'
import { refusing } from './refusing.ts'
import { answerOf, expectAnswer, keyColumns, type RowTarget, tried, type WrittenEntity } from './write-row.ts'
import { eachRow, type Given, keyNames, type WrittenEntities, writeRows } from './write-rows.ts'

/** A transition and what is said of it. */
export interface SaidTransition {
  readonly transition: Transition
  readonly note: string | null
  /** The code of the app, whose worker it may run. */
  readonly bodies: Bodies
}

/**
 * Brings a row to another state.
 *
 * @throws RequestError NOT_FOUND, STALE, CONFLICT where the row is in another state, VALIDATION where its guard does not hold
 * @throws RefusedWrite
 */
export async function transitRow(
  client: RequestClient,
  of: WrittenEntity,
  said: SaidTransition,
  key: RowTarget,
): Promise<void> {
  const { entity } = of
  const { transition, note } = said
  const { name } = transition
  const expected = mayExpect(entity, 'update') ? [key.ifUpdatedAt ?? null] : []
  const values = [...Object.values(keyColumns(of, key)), note, ...expected]
  const places = values.map((_, at) => `$${at + 1}`).join(', ')
  const text = `select rowhouse_private.${quoteIdentifier(transitionName(entity, name))}(${places}) as answer`
  const change = tried(of, name)
  const answer = await refusing(change, () => answerOf(client, text, values))
  const fault = transitionFault(entity, transition, answer)
  if (fault !== null) throw fault
  expectAnswer('updated', answer, change)
  await addJobs(client, of, said, [key])
}

/**
 * Brings rows to another state, all or none, in one statement.
 *
 * @throws RefusedRows of all rows that are refused
 */
export async function transitRows(
  client: RequestClient,
  of: WrittenEntities,
  said: SaidTransition,
  keys: readonly Given<RowTarget>[],
): Promise<void> {
  const { transition, note } = said
  const { name } = transition
  // Arguments behind the key, by names that no column has.
  const items = eachRow(keys, (key) => ({ key: { ...keyColumns(of, key), '#note': note } }))
  const told = { function: transitionName(of.entity, name), key: [...keyNames(of), '#note'] }
  const faultOf = (answer: string) => transitionFault(of.entity, transition, answer)
  await writeRows(client, of, { verb: name, items, told, faultOf })
  const done = keys.filter((key): key is RowTarget => !(key instanceof RequestError))
  await addJobs(client, of, said, done)
}

/** Adds the jobs of what the transition runs, in its transaction and in the name of who did it. */
async function addJobs(
  client: RequestClient,
  { entity, entities }: WrittenEntity,
  { transition: { runs }, bodies }: SaidTransition,
  keys: readonly RowTarget[],
): Promise<void> {
  if (runs === null) return
  for (const key of keys) await handOver(client, bodies, { task: runs, input: keyOf(entity, entities, key) })
}

/** What stands in the way of a transition, as its function answers it; null for other answers. */
export function transitionFault(entity: Entity, transition: Transition, answer: string): RequestError | null {
  const { name: verb } = transition
  if (answer === 'long')
    return new RequestError('VALIDATION', `A note has ${maxTransitionNote} characters at most.`, { fields: ['note'] })
  if (!answer.startsWith('{')) return null
  const { state, when, requires } = JSON.parse(answer) as FoundFault
  if (state !== undefined) {
    const shown = entity.lifecycle?.states.find(({ value }) => value === state)
    const message = `"${verb}" is not possible: the row is "${shown?.label ?? state}".`
    return new RequestError('CONFLICT', message, { verb, state: shown?.graphql ?? state })
  }
  const fields = fieldNames(entity, requires ?? when ?? [])
  const message = requires === undefined ? guardWords(verb, fields) : requiredWords(verb, fields)
  return new RequestError('VALIDATION', message, { verb, fields })
}

interface FoundFault {
  readonly state?: string
  readonly when?: readonly string[]
  readonly requires?: readonly string[]
}

/** What is said where the row lacks what the new state requires. */
export function requiredWords(verb: string, fields: readonly string[]): string {
  const words = fields.map((field) => `"${field}"`).join(' and ')
  return `"${verb}" needs ${fields.length === 0 ? 'more of the row' : words}.`
}

/** What is said where the guard of a transition does not hold. */
export function guardWords(verb: string, fields: readonly string[]): string {
  const words = fields.map((field) => `"${field}"`).join(' and ')
  const of = fields.length === 0 ? 'what it asks of the row' : `what it asks of ${words}`
  return `"${verb}" is not possible: ${of} does not hold.`
}

/** Names as the API has them; what it does not show is not told. */
export function fieldNames(entity: Entity, names: readonly string[]): readonly string[] {
  const shown = new Set([...shownFields(entity), ...entity.computed].map(({ name }) => name))
  const all = names.flatMap((name) => {
    const relation = toOnesOf(entity).find((each) => each.name === name)
    if (relation !== undefined) return [groupOf(entity, name)?.name ?? idFieldName(relation)]
    return shown.has(name.split('.')[0]!) ? [name] : []
  })
  return [...new Set(all)]
}
