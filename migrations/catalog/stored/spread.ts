import { fitIdentifier, sql, toText } from '#base'
import { entityOf, idColumnOf, isFaced, type ModelIndex, namedRow, rowsFaceName } from '#policies'
import { type Entity, objectName, type StoredHop, storedColumn, tenantColumnOf } from '#schema'
import type { DatabaseFunction, Trigger } from '../catalog.ts'
import { privateFunction } from '../functions/private-function.ts'
import { tableName } from '../functions/raise.ts'
import { ownLinks } from './own-values.ts'
import { variable, variables } from './spread-variables.ts'
import { ledBy, pathsTo, type StoredPath } from './stored-paths.ts'
import { storedValueSql } from './stored-value.ts'

/** What happens to rows that stored formulas of other rows follow from. */
export type SpreadEvent = 'insert' | 'update' | 'delete'

const events: readonly SpreadEvent[] = ['insert', 'update', 'delete']

/** Name of the trigger function that tells other rows of changes. */
export function spreadName(entity: Entity, event: SpreadEvent): string {
  return fitIdentifier(`spread_${event}_${objectName(entity)}`)
}

/** What a statement that changes rows of the entity has to do for others; none where no formula follows from them. */
export function spreadFunctions(entity: Entity, index: ModelIndex): readonly DatabaseFunction[] {
  return events.flatMap((event) => {
    const paths = pathsOf(entity, event, index)
    return paths.length === 0 ? [] : [spreadFunction(entity, event, paths, index)]
  })
}

/** Triggers behind a whole statement, on the table or on the face of it that callers write to: each fires for the one that is named. */
export function spreadTriggers(entity: Entity, index: ModelIndex, table = tableName(entity)): readonly Trigger[] {
  return events
    .filter((event) => pathsOf(entity, event, index).length > 0)
    .map((event) => {
      const rows = [
        ...(event === 'insert' ? [] : ['old table as old_rows']),
        ...(event === 'delete' ? [] : ['new table as new_rows']),
      ].join(' ')
      const call = `${quoted('rowhouse_private')}.${quoted(spreadName(entity, event))}()`
      return {
        name: `rowhouse_7_spread_${event}`,
        definition: `after ${event} on ${table} referencing ${rows} for each statement execute function ${call}`,
      }
    })
}

/** Those of the face that callers write to. */
export function faceSpreadTriggers(entity: Entity, index: ModelIndex): readonly Trigger[] {
  if (!isFaced(entity, index)) return []
  return spreadTriggers(entity, index, toText(sql.identifier(entity.schema, rowsFaceName(entity))))
}

/** Nobody leads to a row that is only being made, and rows go only when none is left that does. */
function pathsOf(entity: Entity, event: SpreadEvent, index: ModelIndex): readonly StoredPath[] {
  const all = pathsTo(entity, index).filter(({ hops }) => event === 'update' || hops.at(-1)!.kind === 'children')
  const links = ledBy(entity, index).map(({ column }) => column)
  const isFirst = ({ hops }: StoredPath) => (links.includes(hops.at(-1)!.column) ? 0 : 1)
  return all.toSorted((a, b) => isFirst(a) - isFirst(b))
}

interface Spreading {
  readonly entity: Entity
  readonly event: SpreadEvent
  readonly index: ModelIndex
  readonly tenant: string | null
}

function spreadFunction(
  entity: Entity,
  event: SpreadEvent,
  paths: readonly StoredPath[],
  index: ModelIndex,
): DatabaseFunction {
  const tenant = tenantColumnOf(entity)
  const spreading: Spreading = { entity, event, index, tenant: tenant === null ? null : quoted(tenant) }
  const links = heldLinks(spreading, paths)
  const walks = [...links, ...paths.flatMap((path) => walk(path, spreading))]
  const [only, ...others] = paths
  // One query is then enough to find whose rows have changed and what they lead to.
  const isShort = tenant !== null && only !== undefined && others.length === 0 && links.length === 0
  return privateFunction({
    name: spreadName(entity, event),
    returns: 'trigger',
    language: 'plpgsql',
    volatility: 'volatile',
    isPlannedOnce: true,
    body: [
      'declare',
      ...variables(paths, index).map((line) => `  ${line}`),
      ...(tenant === null ? [] : ["  pin text := current_setting('rowhouse.tenant_id', true);", '  whose uuid;']),
      'begin',
      ...(isShort ? shortWalk(only, spreading) : tenant === null ? walks : forEachTenant(walks, spreading, paths)).map(
        (line) => `  ${line}`,
      ),
      '  return null;',
      'end',
    ].join('\n'),
    execute: [':OWNER'],
    comment: `Stored formulas that follow from rows of ${entity.name}, when some are ${done[event]}.`,
  })
}

const done = { insert: 'made', update: 'changed', delete: 'gone' } as const

/** Loads run, and foreign keys cascade, for rows of any tenant; most statements are of one. */
function forEachTenant(
  walks: readonly string[],
  spreading: Spreading,
  paths: readonly StoredPath[],
): readonly string[] {
  const columns = [...new Set(paths.flatMap((path) => path.columns.map(quoted)))].sort()
  return pinned(`for whose in select distinct c.tenant from ${changed(spreading, columns, null)} loop`, walks)
}

function pinned(loop: string, walks: readonly string[]): readonly string[] {
  return [
    loop,
    "  if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', whose::text, true); end if;",
    ...walks.map((line) => `  ${line}`),
    "  if pin is distinct from whose::text then perform set_config('rowhouse.tenant_id', coalesce(pin, ''), true); end if;",
    'end loop;',
  ]
}

/** The only way of a statement, for each tenant of its rows. */
function shortWalk(path: StoredPath, spreading: Spreading): readonly string[] {
  const { into, column } = startOf(path, spreading.index)
  const found = `array_agg(distinct c.${column}) from ${changed(spreading, path.columns.map(quoted), null)}`
  return pinned(
    `for whose, ${variable(into)} in select c.tenant, ${found} where c.${column} is not null group by c.tenant loop`,
    stepsBack(path, spreading),
  )
}

/**
 * Rows that have changed in one of the columns, as they were and as they are. Counted, not joined: a plan that was made for one row
 * and joins by looping would do so for ten thousand.
 */
function changed(
  { entity, event, index, tenant }: Spreading,
  columns: readonly string[],
  whose: string | null,
): string {
  const key = quoted(idColumnOf(entity, index).column)
  const all = [...new Set([key, ...columns])]
  const listed = [`${all.map((each) => `t.${each}`).join(', ')}`, ...(tenant === null ? [] : [`t.${tenant} as tenant`])]
  const of = (rows: string) =>
    `select ${listed.join(', ')} from ${rows} t${whose === null || tenant === null ? '' : ` where t.${tenant} = ${whose}`}`
  if (event !== 'update') return `(${of(event === 'insert' ? 'new_rows' : 'old_rows')}) c`
  const by = [...all.map((each) => `u.${each}`), ...(tenant === null ? [] : ['u.tenant'])].join(', ')
  return `(select ${by} from (${of('old_rows')} union all ${of('new_rows')}) u group by ${by} having count(*) = 1) c`
}

/**
 * Rows that changed rows newly lead to, and that formulas read there: whoever changes one of them waits, and finds the changed rows. Those
 * that will be held for a change anyhow come first in {@link walk}.
 */
function heldLinks(spreading: Spreading, paths: readonly StoredPath[]): readonly string[] {
  const { entity, event, index } = spreading
  if (event === 'delete') return []
  const back = paths.flatMap(({ hops }) => hops.slice(-1)).filter(({ kind }) => kind === 'children')
  // What formulas of the row itself lead to was held before these were computed.
  const held = [...back, ...ownLinks(entity, index)].map(({ column }) => column)
  const links = ledBy(entity, index).filter(
    ({ column }) => !held.includes(column) && paths.some(({ columns }) => columns.includes(column)),
  )
  return links.flatMap(({ column, to }) => {
    const [link, key] = [quoted(column), quoted(idColumnOf(to, index).column)]
    const found = `select c.${link} from ${changed(spreading, [link], 'whose')}`
    return [
      `perform 1 from (select t.${key} from ${tableName(to)} t where t.${key} = any (array(${found})) order by t.${key} for share) held;`,
    ]
  })
}

/**
 * From the changed rows back to those whose formulas read them, each row on the way held so that it leads nowhere else meanwhile, in
 * the order of its key. Statements of their own see what was committed while they waited.
 */
function walk(path: StoredPath, spreading: Spreading): readonly string[] {
  const { into, column } = startOf(path, spreading.index)
  const columns = path.columns.map(quoted)
  return [
    `select array_agg(distinct c.${column}) into ${variable(into)} from ${changed(spreading, columns, 'whose')} where c.${column} is not null;`,
    ...stepsBack(path, spreading),
  ]
}

/** What is found first: keys of rows, by a column of the changed ones. */
function startOf({ hops, source }: StoredPath, index: ModelIndex) {
  const first = hops.at(-1)!
  return first.kind === 'children'
    ? { into: entityOf(index, first.from), column: quoted(first.column) }
    : { into: source, column: quoted(idColumnOf(source, index).column) }
}

function stepsBack(path: StoredPath, { index }: Spreading): readonly string[] {
  const hops = path.hops.toReversed()
  const back = hops.map((hop, at) => step(hop, hops[at + 1] ?? null, index))
  return nested([...back, update(path, index)], variable(startOf(path, index).into))
}

interface Step {
  readonly lines: readonly string[]
  /** Variable with what the next step is about. */
  readonly gives: string
}

/** Nothing is left to do as soon as nothing leads further. */
function nested([first, ...rest]: readonly Step[], given: string): readonly string[] {
  if (first === undefined) return []
  const inner = [...first.lines, ...nested(rest, first.gives)]
  return [`if ${given} is not null then`, ...inner.map((line) => `  ${line}`), 'end if;']
}

/** Holds the rows at the near end of a hop, and finds what the next hop begins with: their keys, or the keys that they hold. */
function step({ kind, from, to, column }: StoredHop, next: StoredHop | null, index: ModelIndex): Step {
  const [near, far] = [entityOf(index, from), entityOf(index, to)]
  const key = quoted(idColumnOf(near, index).column)
  const found =
    kind === 'children' ? `t.${key} = any (${variable(near)})` : `t.${quoted(column)} = any (${variable(far)})`
  const held = (taken: string) =>
    `from (select t.${taken} as taken from ${tableName(near)} t where ${found} order by t.${key} for no key update) held`
  if (next?.kind === 'children') {
    const into = variable(entityOf(index, next.from))
    const lines = [
      `select array_agg(distinct held.taken) into ${into} ${held(quoted(next.column))} where held.taken is not null;`,
    ]
    return { lines, gives: into }
  }
  return { lines: [`select array_agg(held.taken) into ${variable(near)} ${held(key)};`], gives: variable(near) }
}

/**
 * Always written, also where the value stays: a transaction that sees the rows as they were (isolation above `read committed`) then fails with
 * 40001 instead of computing from these.
 */
function update({ entity, fields }: StoredPath, index: ModelIndex): Step {
  const row = namedRow('t0')
  const values = fields.map(
    (field) => `${quoted(storedColumn(field))} = ${toText(storedValueSql(field, { entity, index, row }))}`,
  )
  const key = quoted(idColumnOf(entity, index).column)
  const lines = [`update ${tableName(entity)} t0 set ${values.join(', ')} where t0.${key} = any (${variable(entity)});`]
  return { lines, gives: variable(entity) }
}

function quoted(name: string): string {
  return toText(sql.identifier(name))
}
