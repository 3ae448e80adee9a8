import type pg from 'pg'
import { inTurns } from './in-turns.ts'
import { ruleAsker, type Subjects } from './measure.ts'
import { caller } from './rows.ts'
import { ask, floorAsker } from './session.ts'
import { type Shape, shapes } from './shapes.ts'

/** Most rows of one update. */
const most = 1000

/** Times of one statement that writes one column of many rows, and of as many statements that write one row each. */
export interface Written {
  readonly rows: number
  readonly many: Pair
  readonly one: Pair
}

interface Pair {
  readonly rule: readonly number[]
  readonly floor: readonly number[]
}

/**
 * Copies of the tables that are written, without row security, guard triggers and what serves these alone. All else is there: rows in
 * the same order, indexes, checks, foreign keys, and the other triggers.
 */
export async function makeBareTables(admin: pg.Client): Promise<void> {
  await admin.query('create schema bare; grant usage on schema bare to bench_floor')
  const tables = Object.values(shapes).flatMap(({ table, writes }) => (writes === undefined ? [] : [table]))
  for (const table of new Set(tables)) {
    await admin.query(`create table bare."${table}" (like app."${table}" including all);
      insert into bare."${table}" select * from app."${table}";
      grant select, update on bare."${table}" to bench_floor`)
    for (const { name, definition } of await foreignKeys(admin, table)) {
      await admin.query(`alter table bare."${table}" add constraint "${name}" ${definition} not valid`)
    }
    for (const definition of await otherTriggers(admin, table)) {
      await admin.query(definition.replace(/ ON app\./, ' ON bare.'))
    }
  }
}

async function foreignKeys(admin: pg.Client, table: string) {
  const { rows } = await admin.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = $1::regclass and contype = 'f' and conparentid = 0`,
    [`app."${table}"`],
  )
  return rows
}

async function otherTriggers(admin: pg.Client, table: string): Promise<readonly string[]> {
  const { rows } = await admin.query<{ definition: string }>(
    `select pg_get_triggerdef(oid) as definition from pg_trigger where tgrelid = $1::regclass and not tgisinternal
      and tgparentid = 0 and tgname <> 'rowhouse_2_guard' and tgname not like 'rowhouse_2_field_%'`,
    [`app."${table}"`],
  )
  return rows.map(({ definition }) => definition)
}

/** The same updates of the same rows under the rule, and in the bare table by hand. */
export async function measureWrites(name: string, subjects: Subjects): Promise<Written> {
  const { client, pace } = subjects
  const shape = shapes[name]!
  const asRule = ruleAsker(shape, caller.tenant, subjects)
  const ids = await idsOf(name, shape, subjects)
  let round = 0
  const contenders = (kind: 'many' | 'one') =>
    (['rule', 'floor'] as const).map((way) => ({
      name: way,
      stays: true,
      run: async () => {
        const given = kind === 'many' ? ids : ids[round % ids.length]!
        const values = [valueIn(shape, round++), given, ...(way === 'floor' ? [caller.tenant] : [])]
        const text = way === 'rule' ? ruleText(shape, kind) : floorText(shape, kind)
        const question = { name: `${name} write ${kind} ${way}`, text, values }
        const { ms, count } = await ask(client, way === 'rule' ? asRule : floorAsker, question)
        if (count !== (kind === 'many' ? ids.length : 1))
          throw new Error(`${name} writes ${count} rows (${kind}, ${way}).`)
        return ms
      },
    }))
  const pair = (found: ReadonlyMap<string, readonly number[]>): Pair => {
    return { rule: found.get('rule')!, floor: found.get('floor')! }
  }
  const many = pair(await inTurns(contenders('many'), pace))
  return { rows: ids.length, many, one: pair(await inTurns(contenders('one'), pace)) }
}

/** Another value in each round: an update that changes nothing may be spared some work. */
function valueIn({ writes }: Shape, round: number): string {
  return writes === 'margin' ? String(round % 500) : `Written ${round}`
}

function ruleText({ table, written, writes }: Shape, kind: 'many' | 'one'): string {
  return `update app."${written ?? table}" set ${writes} = $1 where id = ${kind === 'many' ? 'any ($2::uuid[])' : '$2'}`
}

function floorText({ table, writes }: Shape, kind: 'many' | 'one'): string {
  const id = kind === 'many' ? 'any ($2::uuid[])' : '$2'
  return `update bare."${table}" set ${writes} = $1 where tenant_id = $3 and id = ${id} and deleted_at is null`
}

/** Rows that the caller may write. */
async function idsOf(name: string, shape: Shape, subjects: Subjects): Promise<readonly string[]> {
  const text = `select id from app."${shape.shown ?? shape.table}" order by id limit ${most}`
  const asker = ruleAsker(shape, caller.tenant, subjects)
  const { rows } = await ask(subjects.client, asker, { name: `${name} ids`, text, values: [] })
  return rows.map(({ id }) => id as string)
}
