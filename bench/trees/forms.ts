import type { Client } from 'pg'

/** A rule on a tree: which rows of which table it shows, to whom. */
export interface Shape {
  readonly role: string
  readonly table: 'folder' | 'document'
  /** Where the rows are that decide, seen from the folder. */
  readonly way: 'up' | 'down'
  /** True where no row may meet the test. */
  readonly none?: boolean
  /** Test of the row that decides, `a`. */
  readonly test: string
  /** Test of the two together, where it reads the folder that is judged, `f`, too. */
  readonly both?: string
}

const given = `a.id in (select m.folder_id from app.folder_member m
  where m.tenant_id = rowhouse.tenant_id() and m.user_id = rowhouse.actor_id() and m.deleted_at is null)`
const owned = 'a.owner_id = rowhouse.actor_id()'

/** By the names of their ratios. */
export const shapes: Readonly<Record<string, Shape>> = {
  within: { role: 'guest', table: 'folder', way: 'up', test: given },
  'document-within': { role: 'guest', table: 'document', way: 'up', test: given },
  'some-up': { role: 'lord', table: 'folder', way: 'up', test: owned },
  'document-some-up': { role: 'lord', table: 'document', way: 'up', test: owned },
  'some-down': { role: 'leader', table: 'folder', way: 'down', test: owned },
  'none-up': { role: 'visitor', table: 'folder', way: 'up', none: true, test: 'a.locked' },
  'document-none-up': { role: 'visitor', table: 'document', way: 'up', none: true, test: 'a.locked' },
  'every-down': { role: 'closer', table: 'folder', way: 'down', none: true, test: 'a.open' },
  'some-up-row': { role: 'climber', table: 'folder', way: 'up', test: 'true', both: 'a.level > f.level' },
}

/** SQL of one meaning, by hand: conditions on the folder's id. Several of each way to do it; the fastest counts. */
export interface Forms {
  readonly recursive: readonly string[]
  readonly closure: readonly string[]
  /** The closure as a rule could have it: asked by a function that sees all rows, once per statement. */
  readonly kept: readonly string[]
  /** Asked for each row. */
  readonly function: readonly string[]
}

const folder = (alias: string) => `${alias}.tenant_id = rowhouse.tenant_id() and ${alias}.deleted_at is null`

/**
 * What a careful person writes by hand without row security.
 *
 * @param key SQL of the folder's id
 */
export function formsOf(name: string, key: string): Forms {
  const { way, none, test, both } = shapes[name]!
  const call = [`bench.${functionName('is', name)}(${key})`]
  const asked = `select bench.${functionName('kept', name)}()`
  const to = way === 'up' ? 'below' : 'above'
  if (both !== undefined) {
    const line = `bench.line k join app.folder a on a.id = k.above where k.tenant_id = rowhouse.tenant_id() and ${folder('a')}`
    const walked = `with recursive l as (${step(`f.id = ${key}`, null)} union all ${step('f.id = l.up', 'l')})
      select from l join app.folder a on a.id = l.id join app.folder f on f.id = ${key} where ${folder('a')} and ${both}`
    return {
      recursive: [`exists (${walked})`],
      closure: [
        `exists (select from ${line} and k.below = ${key} and a.level > (select f.level from app.folder f where f.id = ${key}))`,
        `${key} in (select k.below from bench.line k join app.folder a on a.id = k.above join app.folder f on f.id = k.below
          where k.tenant_id = rowhouse.tenant_id() and ${folder('a')} and ${folder('f')} and ${both})`,
      ],
      kept: [`bench.${functionName('kept', name)}(${key})`],
      function: call,
    }
  }
  const onward = way === 'up' ? 'f.up = l.id' : 'f.id = l.up'
  const set = `with recursive l as (select a.id, a.parent_id as up from app.folder a where ${folder('a')} and ${test}
    union select f.id, f.parent_id from l join app.folder f on ${onward.replace('f.up', 'f.parent_id')} and ${folder('f')}) select l.id from l`
  const kept = keptSet(shapes[name]!)
  if (none === true) {
    return {
      recursive: [`${key} not in (${set})`],
      closure: [`${key} not in (${kept})`, `not exists (${kept} and k.${to} = ${key})`],
      kept: [`${key} not in (${asked})`],
      function: call.map((each) => `not ${each}`),
    }
  }
  return {
    recursive: [`${key} = any (array(${set}))`, `${key} in (${set})`],
    closure: [`${key} = any (array(${kept}))`, `${key} in (${kept})`, `exists (${kept} and k.${to} = ${key})`],
    kept: [`${key} = any (array(${asked}))`],
    function: call,
  }
}

function keptSet({ way, test }: Shape): string {
  const [from, to] = way === 'up' ? ['above', 'below'] : ['below', 'above']
  return `select k.${to} from bench.line k join app.folder a on a.id = k.${from}
    where k.tenant_id = rowhouse.tenant_id() and ${folder('a')} and ${test}`
}

/** The functions that are called for each row: as rules on trees are often written. */
export async function makeFunctions(admin: Client): Promise<void> {
  for (const [name, shape] of Object.entries(shapes)) {
    const { way, test, both } = shape
    const onward = way === 'up' ? 'f.id = l.up' : 'f.parent_id = l.id'
    const asked = `with recursive l as (${step('f.id = $1', null)} union all ${step(onward, 'l')})
      select from l join app.folder a on a.id = l.id join app.folder f on f.id = $1 where ${both ?? test}`
    await admin.query(`create function bench.${functionName('is', name)}(uuid) returns boolean language sql stable security definer
      as $$ select exists (${asked}) $$`)
    const kept = `create function bench.${functionName('kept', name)}`
    await admin.query(
      both === undefined
        ? `${kept}() returns setof uuid language sql stable security definer as $$ ${keptSet(shape)} $$`
        : `${kept}(uuid) returns boolean language sql stable security definer as $$ select exists (${keptSet(shape)}
          and k.below = $1 and a.level > (select f.level from app.folder f where f.id = $1)) $$`,
    )
  }
}

function step(test: string, from: string | null): string {
  const source = from === null ? 'app.folder f' : `${from} join app.folder f on ${test}`
  const where = from === null ? ` and ${test}` : ''
  return `select f.id, f.parent_id as up from ${source} where ${folder('f')}${where}`
}

function functionName(what: 'is' | 'kept', name: string): string {
  return `${what}_${name.replaceAll('-', '_')}`
}
