import { sql, toText } from '#base'
import {
  type Caller,
  callerRole,
  decide,
  holds,
  indexModel,
  liveSql,
  mayToSql,
  namedRow,
  type Row,
  statementActor,
  tableSql,
  type World,
} from '#policies'
import { type Entity, hasTenant, type Model, objectName, verbsOf } from '#schema'
import type { Attempt } from './attempts.ts'
import { browserOf } from './casl.ts'
import { columnsOf, type ModelDatabase, type Outcome } from './database.ts'

/** Everything of one generated app. */
export interface Case {
  readonly model: Model
  readonly rows: Readonly<Record<string, readonly Row[]>>
  readonly callers: readonly Caller[]
  readonly attempts: readonly Attempt[]
}

/** One decision, by the evaluator and by a back-end. */
export interface Verdict {
  readonly backEnd: string
  readonly caller: Caller
  readonly attempt: Attempt
  /** What the evaluator says. */
  readonly meant: boolean
  /** What the back-end says. */
  readonly found: boolean
  /** What Postgres answered, where there is more to tell. */
  readonly detail: string
}

/** What is asked of a back-end: its decisions beside the evaluator's. */
export type BackEnd = (asked: Case, world: World, database: ModelDatabase) => Promise<readonly Verdict[]>

/** Row security, guards and verb functions, by statements as requests send them. */
export const rowSecurity: BackEnd = async (asked, world, database) => {
  const verdicts: Verdict[] = []
  for (const caller of asked.callers) {
    const reads = asked.model.entities.map((entity) => readStatement(entity))
    const writes = asked.attempts.map((attempt) => writeStatement(attempt, asked.model))
    const outcomes = await database.attempts(caller, [...reads, ...writes])
    for (const [at, entity] of asked.model.entities.entries()) {
      const outcome = outcomes[at]!
      if (!outcome.ok && outcome.answer !== '42501') throw new Error(`${reads[at]}: ${outcome.message}`)
      const seen = new Set(outcome.ok ? (JSON.parse(outcome.answer) as string[]) : [])
      for (const row of asked.rows[entity.name]!) {
        const attempt = { verb: 'read', entity: entity.name, row, given: {} }
        const found = seen.has(row.id as string)
        verdicts.push({
          backEnd: 'row security',
          caller,
          attempt,
          meant: means(attempt, caller, world),
          found,
          detail: '',
        })
      }
    }
    for (const [at, attempt] of asked.attempts.entries()) {
      const outcome = outcomes[reads.length + at]!
      const detail = `${outcome.answer} ${outcome.message}`
      const found = isAllowed(outcome, writes[at]!)
      verdicts.push({ backEnd: 'row security', caller, attempt, meant: means(attempt, caller, world), found, detail })
    }
  }
  return verdicts
}

/** The rules of a verb as one expression over every live row: what decides for many at once. */
export const setWise: BackEnd = async (asked, world, database) => {
  const verdicts: Verdict[] = []
  for (const caller of asked.callers) {
    for (const entity of asked.model.entities.filter(
      ({ name }) => name === 'Item' || name === 'Line' || name === 'Team',
    )) {
      for (const verb of verbsOf(entity)) {
        const row = namedRow('t0')
        const scope = { index: world.index, entity, row, actor: statementActor, related: 'inline', depth: 0 } as const
        const where = sql`${liveSql(entity, row, world.index)} and (${mayToSql(verb, scope, callerRole)})`
        const seen = await database.idsWhere(caller, `${toText(tableSql(entity))} t0`, where)
        for (const each of asked.rows[entity.name]!) {
          if (each.deletedAt !== null || (hasTenant(entity) && each.$tenant !== caller.tenant)) continue
          const meant = holds({ kind: 'may', verb }, { world, caller, entity: entity.name, row: each })
          const attempt = { verb, entity: entity.name, row: each, given: {} }
          verdicts.push({
            backEnd: 'set-wise SQL',
            caller,
            attempt,
            meant,
            found: seen.has(each.id as string),
            detail: '',
          })
        }
      }
    }
  }
  return verdicts
}

/** CASL in a browser, of what it decides without the server. */
export const casl: BackEnd = async (asked, world) =>
  asked.callers.flatMap((caller) => {
    const can = browserOf(caller, world)
    return asked.model.entities.flatMap((entity) =>
      asked.rows[entity.name]!.filter((row) => row.deletedAt === null && isSeen(row, entity, caller)).flatMap((row) =>
        verbsOf(entity).flatMap((verb): readonly Verdict[] => {
          const answer = can(verb, entity, row)
          if (answer === 'ask') return []
          const meant = holds({ kind: 'may', verb }, { world, caller, entity: entity.name, row })
          const attempt = { verb, entity: entity.name, row, given: {} }
          return [{ backEnd: 'CASL', caller, attempt, meant, found: answer, detail: '' }]
        }),
      ),
    )
  })

function isSeen(row: Row, entity: Entity, caller: Caller): boolean {
  return !hasTenant(entity) || row.$tenant === caller.tenant
}

/** All back-ends that are compared with the evaluator. */
export const backEnds: readonly BackEnd[] = [rowSecurity, setWise, casl]

/** The rows of a case as the evaluator sees them. */
export function worldOf({ model, rows }: Case, now: string): World {
  return { index: indexModel(model), rows, now }
}

function means({ verb, entity, row, given }: Attempt, caller: Caller, world: World): boolean {
  const after = verb === 'update' ? { ...row, ...given } : undefined
  const changed = Object.keys(given)
  return decide({ verb, entity, row, caller, world, changed, ...(after === undefined ? {} : { after }) }).allowed
}

function readStatement(entity: Entity): string {
  return toText(sql`select coalesce(json_agg(id), '[]')::text from ${tableSql(entity)}`)
}

function writeStatement({ verb, entity: name, row, given }: Attempt, model: Model): string {
  const entity = model.entities.find((each) => each.name === name)!
  const table = sql`${sql.literal(toText(tableSql(entity)))}::regclass`
  const key = sql`${sql.literal(JSON.stringify({ id: row.id }))}::jsonb`
  const values = sql`${sql.literal(JSON.stringify(columnsOf(given, entity, model)))}::jsonb`
  if (verb === 'create') return toText(sql`select rowhouse.create_row(${table}, ${values})`)
  if (verb === 'update') return toText(sql`select rowhouse.update_row(${table}, ${key}, ${values})`)
  if (verb === 'delete') return toText(sql`select rowhouse.delete_row(${table}, ${key})`)
  const does = sql.identifier('rowhouse_private', `${verb}_${objectName(entity)}`)
  return toText(sql`select ${does}(${sql.literal(row.id as string)}::uuid)`)
}

/** No rule, no row that the caller may know of, no function because nobody may. */
const refusals = new Set(['42501', 'RH404', '42883'])
/** Rules had been asked before: something else hangs on the row, or what it hangs on is gone. */
const laterRefusals = new Set(['23001', '23503'])

function isAllowed({ ok, answer, message }: Outcome, statement: string): boolean {
  if (ok) return answer !== 'missing' && answer !== 'refused'
  if (refusals.has(answer)) return false
  if (laterRefusals.has(answer)) return true
  throw new Error(`${statement}: ${answer} ${message}`)
}
