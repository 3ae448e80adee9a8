import { sql, toText } from '#base'
import {
  type Caller,
  callerRole,
  decide,
  guardedGroups,
  guardedNames,
  holds,
  indexModel,
  liveSql,
  mayForActorsSql,
  mayToSql,
  namedRow,
  type Row,
  rowsSql,
  shownFields,
  shownSql,
  statementActor,
  tableSql,
  type World,
} from '#policies'
import { type Entity, hasTenant, isShared, keyColumnsOf, type Model, objectName, verbsOf } from '#schema'
import { rowArguments } from '../../migrations/catalog/functions/private-function.ts'
import { isLasting } from '../../policies/evaluate/rows.ts'
import type { Attempt } from './attempts.ts'
import { type Browser, browserOf } from './casl.ts'
import { columnsOf } from './columns-of.ts'
import { type ModelDatabase, type Outcome, signedInAt } from './database.ts'
import { keyText } from './ids.ts'
import type { Move } from './rows.ts'
import { seenColumns } from './stored-rows.ts'

/** Everything of one generated app. */
export interface Case {
  readonly model: Model
  readonly rows: Readonly<Record<string, readonly Row[]>>
  /** Moves that the rows have made. */
  readonly moves: readonly Move[]
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
  const reads = asked.model.entities.map((entity) => readStatement(entity, world))
  const writes = asked.attempts.map((attempt) => writeStatement(attempt, world))
  for (const caller of asked.callers) {
    const outcomes = await database.attempts(caller, [...reads, ...writes])
    for (const [at, entity] of asked.model.entities.entries()) {
      const outcome = outcomes[at]!
      if (!outcome.ok && outcome.answer !== '42501') throw new Error(`${reads[at]}: ${outcome.message}`)
      const seen = outcome.ok ? (JSON.parse(outcome.answer) as readonly Seen[]) : []
      verdicts.push(...readVerdicts(entity, seen, { asked, caller, world }))
    }
    for (const [at, attempt] of asked.attempts.entries()) {
      const outcome = outcomes[reads.length + at]!
      const entity = world.index.entities.get(attempt.entity)!
      if (isMistaken(attempt.row, entity, { caller, asked })) continue
      const detail = `${outcome.answer} ${outcome.message}`
      const found = isAllowed(outcome, writes[at]!)
      if (found === null) continue
      verdicts.push({ backEnd: 'row security', caller, attempt, meant: means(attempt, caller, world), found, detail })
    }
  }
  return verdicts
}

/** A row as it was read, by columns. */
type Seen = Readonly<Record<string, unknown>>

interface Reading {
  readonly asked: Case
  readonly caller: Caller
  readonly world: World
}

/** Whether each row is seen, and each of its fields that may be hidden. */
function readVerdicts(entity: Entity, seen: readonly Seen[], { asked, caller, world }: Reading): readonly Verdict[] {
  const keys = keyColumnsOf(entity, world.index.entities)
  const byKey = new Map(seen.map((row) => [keys.map(({ column }) => String(row[column])).join(','), row]))
  const groups = guardedGroups(entity, world.index)
  return asked.rows[entity.name]!.flatMap((row): readonly Verdict[] => {
    if (isMistaken(row, entity, { caller, asked })) return []
    const attempt = { verb: 'read', entity: entity.name, row, given: {} }
    const plain = { backEnd: 'row security', caller, detail: '' }
    const there = byKey.get(keyText(entity, row))
    const whole = { ...plain, attempt, meant: means(attempt, caller, world), found: there !== undefined }
    if (there === undefined || !whole.meant) return [whole]
    const shown = shownFields(entity, row, { caller, world })
    const fields = groups.flatMap(({ names, columns, flag }) =>
      names.map((name, at) => {
        const value = there[columns[at]!] ?? null
        // A value tells, whatever is said of it.
        const isShown = there[flag] === true ? (row[name] ?? null) === null || value !== null : value !== null
        return { ...plain, attempt: { ...attempt, field: name }, meant: shown.has(name), found: isShown }
      }),
    )
    return [whole, ...fields]
  })
}

const judged = new Set(['Item', 'Line', 'Team', 'Label', 'Part'])

/** The rules of a verb as one expression over every live row, for one caller. */
export const setWise: BackEnd = async (asked, world, database) => {
  const queries = judgedVerbs(asked).map(({ entity, verb }) => {
    const row = namedRow('t0')
    const scope = { index: world.index, entity, row, actor: statementActor, related: 'inline', depth: 0 } as const
    const where = sql`${liveSql(entity, row, world.index)} and (${mayToSql(verb, scope, callerRole)})`
    const name = sql.literal(`${entity.name}.${verb}.`)
    const key = keyColumnsOf(entity, world.index.entities).map(({ column }) => sql`${row.column(column)}::text`)
    return sql`select ${name} || concat_ws(',', ${sql.join(key, ', ')}) from ${tableSql(entity)} t0 where ${where}`
  })
  const verdicts: Verdict[] = []
  for (const caller of asked.callers) {
    const seen = new Set(await database.textsOf(caller, sql.join(queries, ' union all ')))
    for (const { entity, verb } of judgedVerbs(asked))
      for (const row of asked.rows[entity.name]!) {
        // Nobody writes rows of ours, whatever rules say: a policy and a function see to that.
        if (!isThere(row, entity, { caller, world }) || (verb !== 'read' && isOurs(row, entity))) continue
        const meant = holds({ kind: 'may', verb }, { world, caller, entity: entity.name, row })
        const attempt = { verb, entity: entity.name, row, given: {} }
        const found = seen.has(`${entity.name}.${verb}.${keyText(entity, row)}`)
        verdicts.push({ backEnd: 'set-wise SQL', caller, attempt, meant, found, detail: '' })
      }
  }
  return verdicts
}

/** The same for all callers at once, who are rows then: nothing of the transaction is read but its clock. */
export const setForActors: BackEnd = async (asked, world, database) => {
  const callers = asked.callers.map((caller, at) => actorRow(caller, at))
  const verdicts: Verdict[] = []
  for (const { entity, verb } of judgedVerbs(asked)) {
    const query = mayForActorsSql(entity, verb, world.index)
    const found = await database.allOf<{ actor: string; row: readonly string[] }>(query, JSON.stringify(callers))
    const pairs = new Set(found.map(({ actor, row }) => `${actor} ${row.join()}`))
    for (const [at, caller] of asked.callers.entries())
      for (const row of asked.rows[entity.name]!) {
        const isRemoved = row.deletedAt !== null
        if (isMistaken(row, entity, { caller, asked })) continue
        const within = isWithinTenant(row, entity, caller)
        const isLive = isThere({ ...row, deletedAt: null }, entity, { caller, world })
        // Whether what would be restored has expired is asked where it is restored.
        if (verb === 'restore' && within && isRemoved && !isLive) continue
        const state = verb === 'restore' ? isRemoved : !isRemoved
        const isPossible = within && state && isLive && (verb === 'read' || !isOurs(row, entity))
        const meant = isPossible && holds({ kind: 'may', verb }, { world, caller, entity: entity.name, row })
        const attempt = { verb, entity: entity.name, row, given: {} }
        const backEnd = 'set-wise SQL for many'
        verdicts.push({
          backEnd,
          caller,
          attempt,
          meant,
          found: pairs.has(`${at} ${keyText(entity, row)}`),
          detail: '',
        })
      }
  }
  return verdicts
}

function judgedVerbs({ model }: Case): readonly { readonly entity: Entity; readonly verb: string }[] {
  const entities = model.entities.filter(({ name }) => judged.has(name))
  return entities.flatMap((entity) => verbsOf(entity).map((verb) => ({ entity, verb })))
}

function actorRow({ id, tenant, roles, claims, request }: Caller, at: number) {
  const { signedInFor, ...rest } = request
  const since = signedInFor === undefined ? {} : { signedInAt: signedInAt(signedInFor) }
  return { actor: String(at), id, tenant_id: tenant, roles, claims, request: { ...rest, ...since } }
}

/** The caller's own tenant has a row with the same key, so that nothing can be asked of this one. */
function isMistaken(row: Row, entity: Entity, { caller, asked }: Omit<Reading, 'world'>): boolean {
  if (entity.key[0] === 'id' || isWithinTenant(row, entity, caller)) return false
  const key = keyText(entity, row)
  return asked.rows[entity.name]!.some(
    (other) => keyText(entity, other) === key && isWithinTenant(other, entity, caller),
  )
}

function isWithinTenant(row: Row, entity: Entity, caller: Caller): boolean {
  if (!hasTenant(entity)) return true
  const tenant = entity.tenancy === 'self' ? row.id : row.$tenant
  // Ours are everybody's, visitors' too.
  return tenant === null || tenant === caller.tenant
}

function isOurs({ $tenant }: Row, entity: Entity): boolean {
  return isShared(entity) && $tenant === null
}

/** Whether the row is live for the caller. */
function isThere(row: Row, entity: Entity, { caller, world }: { readonly caller: Caller; readonly world: World }) {
  if (!isWithinTenant(row, entity, caller) || row.deletedAt !== null) return false
  return isLasting({ entity, row }, world, caller)
}

/** CASL in a browser, of what it decides without the server: verbs, and fields of rows that are read. */
export const casl: BackEnd = async (asked, world) =>
  asked.callers.flatMap((caller) => {
    const browser = browserOf(caller, world)
    return asked.model.entities.flatMap((entity) =>
      asked.rows[entity.name]!.filter((row) => isThere(row, entity, { caller, world })).flatMap((row) => [
        ...verbsOf(entity).flatMap((verb): readonly Verdict[] => {
          const found = browser.can(verb, entity, row)
          if (found === 'ask') return []
          const attempt = { verb, entity: entity.name, row, given: {} }
          // Links and changes are read where their rows are.
          const meant =
            entity.link === null && entity.historyOf === null
              ? holds({ kind: 'may', verb }, { world, caller, entity: entity.name, row })
              : means(attempt, caller, world)
          return [{ backEnd: 'CASL', caller, attempt, meant, found, detail: '' }]
        }),
        ...shownInBrowser(entity, row, browser, { caller, world }),
      ]),
    )
  })

function shownInBrowser(
  entity: Entity,
  row: Row,
  browser: Browser,
  { caller, world }: Omit<Reading, 'asked'>,
): readonly Verdict[] {
  const names = [...guardedNames(entity, world.index)]
  if (names.length === 0 || browser.can('read', entity, row) !== true) return []
  const shown = shownFields(entity, row, { caller, world })
  return names.flatMap((field): readonly Verdict[] => {
    const found = browser.shows(field, entity, row)
    if (found === 'ask') return []
    const attempt = { verb: 'read', entity: entity.name, row, given: {}, field }
    return [{ backEnd: 'CASL', caller, attempt, meant: shown.has(field), found, detail: 'by its fields' }]
  })
}

/** All back-ends that are compared with the evaluator, by their names. */
export const backEnds: ReadonlyMap<string, BackEnd> = new Map([
  ['row security', rowSecurity],
  ['set-wise SQL', setWise],
  ['set-wise SQL for many', setForActors],
  ['CASL', casl],
])

/** The rows of a case as the evaluator sees them. */
export function worldOf({ model, rows }: Case, now: string): World {
  return { index: indexModel(model), rows, now }
}

function means({ verb, entity, row, given }: Attempt, caller: Caller, world: World): boolean {
  const after = verb === 'update' ? { ...row, ...given } : undefined
  const changed = Object.keys(given)
  return decide({ verb, entity, row, caller, world, changed, ...(after === undefined ? {} : { after }) }).allowed
}

/** What callers read; where fields may be hidden, with all that is shown of rows. */
function readStatement(entity: Entity, { index }: World): string {
  const from = shownSql(entity, index)
  const flags = guardedGroups(entity, index).map(({ flag }) => flag)
  const columns = flags.length === 0 ? [] : [...seenColumns(entity).map(({ column }) => column), ...flags]
  const keys = keyColumnsOf(entity, index.entities).map(({ column }) => column)
  const names = [...new Set([...keys, ...columns])].map((name) => sql.identifier(name))
  return toText(
    sql`select coalesce(json_agg(to_json(t)), '[]')::text from (select ${sql.join(names, ', ')} from ${from}) t`,
  )
}

function writeStatement({ verb, entity: name, row, given }: Attempt, { index }: World): string {
  const entity = index.entities.get(name)!
  const table = sql`${sql.literal(toText(rowsSql(entity, index)))}::regclass`
  const keys = Object.fromEntries(entity.key.map((each) => [each, row[each]!]))
  const key = sql`${sql.literal(JSON.stringify(columnsOf(keys, entity, index.model)))}::jsonb`
  const values = sql`${sql.literal(JSON.stringify(columnsOf(given, entity, index.model)))}::jsonb`
  if (verb === 'create') return toText(sql`select rowhouse.create_row(${table}, ${values})`)
  if (verb === 'update') return toText(sql`select rowhouse.update_row(${table}, ${key}, ${values})`)
  if (verb === 'delete') return toText(sql`select rowhouse.delete_row(${table}, ${key})`)
  const does = sql.identifier('rowhouse_private', `${verb}_${objectName(entity)}`)
  const which = rowArguments(entity, index).map(
    ({ type }, at) => sql`${sql.literal(String(row[entity.key[at]!] as string))}::${sql.raw(type)}`,
  )
  return toText(sql`select ${does}(${sql.join(which, ', ')})`)
}

/** No rule, no row that the caller may know of, no function because nobody may. */
const refusals = new Set(['42501', 'RH404', '42883'])
/** Rules had been asked before: something else hangs on the row, or what it hangs on is gone. */
const laterRefusals = new Set(['23001', '23503'])

/** A row that could not be, whoever asks: a value is missing, or a check fails. Rules may have been asked or not. */
const impossible = new Set(['23502', '23514'])

function isAllowed({ ok, answer, message }: Outcome, statement: string): boolean | null {
  if (ok) return answer !== 'missing' && answer !== 'refused'
  if (refusals.has(answer)) return false
  if (impossible.has(answer)) return null
  if (laterRefusals.has(answer)) return true
  throw new Error(`${statement}: ${answer} ${message}`)
}
