import { RequestError, sql, toText } from '#base'
import { rightsName, rightsVerbs, rowKeyOf } from '#migrations'
import {
  allowing,
  flagsOfComputed,
  guardedGroups,
  heldRoles,
  type ModelIndex,
  namedRow,
  shownSql,
  statementActor,
} from '#policies'
import type { RequestClient } from '../../postgres/with-pg-client.ts'
import { type HiddenEntities, isIn } from '../hidden-entities.ts'
import { keyText } from './key-text.ts'
import { type GivenQuestion, mostQuestions, mostRows, type RightsQuestion, readQuestions } from './read-questions.ts'

/** Who asks, as far as the server decides anything itself: whether some rule speaks of it at all. */
export interface Asker {
  readonly roles: readonly string[] | null
  readonly hidden: HiddenEntities
}

/** What is answered to one question. */
export interface RightsAnswer {
  /** In the order of the ids. */
  readonly allowed: readonly boolean[]
}

/** Counts what one request asks, in all of its fields together. */
export class RightsBudget {
  #questions = 0
  #rows = 0

  /** @throws RequestError LIMIT */
  spend(questions: readonly GivenQuestion[]): void {
    this.#questions += questions.length
    this.#rows += questions.reduce((sum, { ids }) => sum + ids.length, 0)
    if (this.#questions > mostQuestions) throw beyond(`more than ${mostQuestions} questions`)
    if (this.#rows > mostRows) throw beyond(`for more than ${mostRows} rows`)
  }
}

function beyond(what: string): RequestError {
  return new RequestError('LIMIT', `The request asks ${what}. Ask in several requests.`)
}

/** Asks Postgres, as the caller, once for each verb and entity. A row that is hidden answers as one that is not there. */
export async function answerQuestions(
  client: RequestClient,
  given: readonly GivenQuestion[],
  { index, asker }: { readonly index: ModelIndex; readonly asker: Asker },
): Promise<readonly RightsAnswer[]> {
  const questions = readQuestions(given, index)
  const found = new Map<string, ReadonlySet<string>>()
  for (const question of questions) {
    const name = nameOf(question)
    if (found.has(name)) continue
    const same = questions.filter((each) => nameOf(each) === name)
    const keys = new Set(same.flatMap(({ ids, key }) => ids.flatMap((id) => keyText(key.type, id) ?? [])))
    const isAsked = keys.size > 0 && isEverAllowed(question, index, asker)
    found.set(name, isAsked ? await allowedKeys(client, question, { keys: [...keys], index }) : new Set())
  }
  return questions.map((question) => {
    const allowed = found.get(nameOf(question))
    return { allowed: question.ids.map((id) => allowed?.has(keyText(question.key.type, id) ?? '') === true) }
  })
}

function nameOf({ entity, verb, fields }: RightsQuestion): string {
  return JSON.stringify([entity.name, verb, [...fields].sort()])
}

/** Whoever no rule speaks of has no right to ask Postgres either. */
function isEverAllowed({ entity, verb }: RightsQuestion, index: ModelIndex, { roles, hidden }: Asker): boolean {
  if (hidden[entity.name] === true) return false
  if (verb === 'read') return true
  if (!rightsVerbs(entity, index).includes(verb)) return false
  const held = roles === null ? null : heldRoles(index.model, roles)
  const row = namedRow('t0')
  const scope = { index, entity, row, actor: statementActor, related: 'inline', depth: 0 } as const
  return allowing(verb, scope).some(({ audience }) => isIn(audience, held))
}

async function allowedKeys(
  client: RequestClient,
  question: RightsQuestion,
  { keys, index }: { readonly keys: readonly string[]; readonly index: ModelIndex },
): Promise<ReadonlySet<string>> {
  const { entity, verb, fields } = question
  const type = sql.raw(rowKeyOf(entity, index).type)
  const values = verb === 'read' ? [keys] : [verb, keys, fields]
  const name = sql.identifier('rowhouse_private', rightsName(entity))
  const text =
    verb === 'read'
      ? readText(question, index)
      : toText(sql`select key::text as key from ${name}($1, $2::${type}[], $3) key`)
  const { rows } = await client.query<{ key: string }>({ text, values })
  return new Set(rows.map(({ key }) => key))
}

/** What row security shows, and of the fields what the view of guarded ones shows. */
function readText({ entity, key, fields }: RightsQuestion, index: ModelIndex): string {
  const type = sql.raw(rowKeyOf(entity, index).type)
  const column = sql`t0.${sql.identifier(key.column)}`
  const guarded = guardedGroups(entity, index).filter(({ names }) => names.some((name) => fields.includes(name)))
  const computed = entity.computed.filter(({ name }) => fields.includes(name))
  const flags = [
    ...guarded.map(({ flag }) => flag),
    ...computed.flatMap((each) => flagsOfComputed(each, entity, index)),
  ].map((flag) => sql` and t0.${sql.identifier(flag)}`)
  return toText(
    sql`select ${column}::text as key from ${shownSql(entity, index)} t0 where ${column} = any ($1::${type}[])${sql.join(flags, '')}`,
  )
}
