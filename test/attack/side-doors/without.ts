import type pg from 'pg'
import { expect } from 'vitest'
import { quoteIdentifier } from '#base'
import { type CatalogReadBack, expectCatalogHeld } from '../../support/catalog-read-back.ts'
import type { TestDatabase } from '../../support/database.ts'
import type { Doors } from './doors.ts'

/** A protection that can be taken away: SQL that does it, and SQL that puts it back. */
export interface Protection {
  /** Whose object it is. Default: the owner's. */
  readonly of?: 'owner' | 'private'
  /** Reads what has to be put back, and says both. */
  readonly statements: (client: pg.ClientBase) => Promise<Statements>
}

interface Statements {
  readonly remove: readonly string[]
  readonly restore: readonly string[]
}

/**
 * What an attack yields while a protection is gone: the proof that it is this one that stands against it. While it is gone `rowhouse doctor` would
 * tell of it; afterwards the database is as it was.
 */
export async function without<T>(app: Attacked, protection: Protection, attack: () => Promise<T>): Promise<T> {
  const { database } = app
  const role = protection.of === 'private' ? database.names.private : database.names.owner
  const { held, told } = await readBack(app)
  const { remove, restore } = await database.asRole(role, (client) => protection.statements(client))
  expect(remove).not.toEqual([])
  const isNew = !told.has(remove.join(';'))
  await run(database, role, remove)
  try {
    if (isNew) expect(await held.differences()).not.toEqual([])
    return await attack()
  } finally {
    await run(database, role, restore)
    if (isNew) expect(await held.differences()).toEqual([])
    told.add(remove.join(';'))
  }
}

/** What is attacked. */
export type Attacked = Pick<Doors, 'database' | 'catalog'>

interface ReadBack {
  readonly held: CatalogReadBack
  /** What was removed and put back before: seen once, it is seen again. */
  readonly told: Set<string>
}
const readBacks = new WeakMap<TestDatabase, Promise<ReadBack>>()

/** Reading a whole catalog takes longer than most attacks. */
function readBack({ database, catalog }: Attacked): Promise<ReadBack> {
  const before = readBacks.get(database)
  if (before !== undefined) return before
  const made = expectCatalogHeld(database, catalog).then((held) => ({ held, told: new Set<string>() }))
  readBacks.set(database, made)
  return made
}

function run(database: TestDatabase, role: string, statements: readonly string[]): Promise<void> {
  return database.asRole(role, async (client) => {
    for (const statement of statements) await client.query(statement)
  })
}

/** Statements as they are. */
export function statements(remove: readonly string[], restore: readonly string[], of?: 'private'): Protection {
  return { ...(of === undefined ? {} : { of }), statements: async () => ({ remove, restore }) }
}

/** Row policies for reading, of the tables whose names match: all rows are shown to all. */
export function readPolicies(tables: RegExp, kind: 'permissive' | 'restrictive' | 'tenant' = 'permissive'): Protection {
  return {
    statements: async (client) => {
      const { rows } = await client.query<Policy>(readPolicySql)
      const meant = rows.filter(({ table, name, permissive }) => {
        if (!tables.test(table) || name === 'private' || name === 'link') return false
        if (kind === 'tenant') return name === 'tenant'
        return name !== 'tenant' && permissive === (kind === 'permissive')
      })
      return {
        remove: meant.map((each) => alter(each, 'true')),
        restore: meant.map((each) => alter(each, each.using)),
      }
    },
  }
}

/** A function, replaced by one of the same name that does less. @param body given the definition as it is */
export function functionOf(name: RegExp, body: (definition: string) => string, of: 'owner' | 'private'): Protection {
  return {
    of,
    statements: async (client) => {
      const { rows } = await client.query<{ name: string; definition: string }>(
        `select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as definition from pg_proc p
         where p.pronamespace in ('rowhouse'::regnamespace, 'rowhouse_private'::regnamespace, 'app'::regnamespace)`,
      )
      const meant = rows.filter((each) => name.test(each.name))
      for (const { name: which, definition } of meant) expect(body(definition), which).not.toBe(definition)
      return {
        remove: meant.map(({ definition }) => body(definition)),
        restore: meant.map(({ definition }) => definition),
      }
    },
  }
}

/** A view that policies read, replaced by one that tells more. @param body given the select as it is */
export function viewOf(name: string, body: (select: string) => string): Protection {
  return {
    of: 'private',
    statements: async (client) => {
      const { rows } = await client.query<{ text: string }>('select pg_get_viewdef($1::regclass) as text', [name])
      const { text } = rows[0]!
      expect(body(text)).not.toBe(text)
      const replace = (select: string) => [`create or replace view ${name} with (security_barrier) as ${select}`]
      return { remove: replace(body(text)), restore: replace(text) }
    },
  }
}

interface Policy {
  readonly table: string
  readonly relation: string
  readonly name: string
  readonly permissive: boolean
  readonly using: string
}

const readPolicySql = `select c.relname as table, c.oid::regclass::text as relation, p.polname as name, p.polpermissive as permissive,
    pg_get_expr(p.polqual, p.polrelid) as using
  from pg_policy p join pg_class c on c.oid = p.polrelid
  where c.relnamespace = 'app'::regnamespace and p.polcmd in ('r', '*') and p.polqual is not null`

function alter({ relation, name }: Policy, using: string): string {
  return `alter policy ${quoteIdentifier(name)} on ${relation} using (${using})`
}

/** What hides fields of rows that are seen: the rows of all faces stand on the one that shows all fields. */
export function fieldFence(table: string): Protection {
  const [hiding, showing] = [`app.${table}__face_0`, `app.${quoteIdentifier(table)}`]
  return {
    statements: async (client) => {
      const { rows } = await client.query<{ using: string }>(
        `select string_agg('(' || pg_get_expr(polqual, polrelid) || ')', ' or ') as using from pg_policy
         where polrelid = $1::regclass and polpermissive and polcmd = 'r'
           and pg_get_expr(polqual, polrelid) like '%reach%'`,
        [hiding],
      )
      return {
        remove: [
          `create policy "opened" on ${showing} for select to public using (${rows[0]!.using})`,
          `create policy "closed" on ${hiding} as restrictive for select to public using (false)`,
        ],
        restore: [`drop policy "opened" on ${showing}`, `drop policy "closed" on ${hiding}`],
      }
    },
  }
}
