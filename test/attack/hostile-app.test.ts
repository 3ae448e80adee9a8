import { buildSchema, type GraphQLSchema, isEnumType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ModelError } from '#base'
import { buildCatalog, migrate, renderCatalog, roleSetsAhead, writeFirstMigration } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { createGraphqlSchema } from '../../server/graphql/create-graphql-schema.ts'
import { printSdl } from '../../server/graphql/print-sdl.ts'
import { type AppFiles, withApp } from '../schema/written-app.ts'
import type { Answer } from '../server/client.ts'
import { type TestDatabase, useDatabase } from '../support/database.ts'
import { serveApp } from '../support/served-app.ts'
import { hostileTexts, unstorableTexts } from './hostile-values.ts'

/** An app with texts wherever its author may write what he likes: a field, a value and a rule for each. */
function appOf(texts: readonly string[]): AppFiles {
  const at = (n: number) => JSON.stringify(texts[n % texts.length])
  const fields = texts.map(
    (text, n) => `f${n}: text({ note: ${JSON.stringify(text)}, default: ${JSON.stringify(text)} }),`,
  )
  const values = texts.map((text, n) => `v${n}: { label: ${JSON.stringify(text)}, note: ${JSON.stringify(text)} },`)
  const rules = texts.map((text, n) => {
    const [title, value] = [JSON.stringify(`${text} ${n}`), JSON.stringify(text)]
    return `${title}: { allow: 'sales', to: ['read', 'update'], where: { anyOf: [{ f${n}: { startsWith: ${value} } }, { f${n}: { in: [${value}, 'x'] } }] } },
  ${JSON.stringify(`deny ${text} ${n}`)}: { deny: signedIn, to: 'remove', where: { f${n}: { isNot: ${value} } }, because: ${value} },`
  })
  return {
    'schema/all.entity.ts': `export const Person = entity('Person', { tenant: false, note: ${at(1)}, fields: { name: string() } })
export const Thing = entity('Thing', { note: ${JSON.stringify(texts.join(' | '))},
  fields: { ${fields.join('\n')}
    pick: choice({ ${values.join('\n')} }, { default: 'v0', note: ${at(3)} }) },
  relations: { owner: one('Person', { optional: true, note: ${at(4)} }) },
  lifecycle: { initial: 'a', states: { a: { label: ${at(5)} }, b: ${at(6)} }, transitions: { go: { from: 'a', to: 'b', note: ${at(7)} } } },
  indexes: [{ on: ['pick'], where: { f0: ${at(0)} } }] })`,
    'policies/all.ts': `import { Person, Thing } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: ${at(8)}, sales: { note: ${at(9)} } })
export const PersonPolicy = policy(Person, { ${JSON.stringify(`all ${texts[0]}`)}: { allow: 'admin', to: 'read' } })
export const ThingPolicy = policy(Thing, { 'all': { allow: 'admin', to: anything }, ${rules.join('\n')} })`,
  }
}

/** The model of an app with the texts; null when it is refused, as an author is told. */
async function modelOf(texts: readonly string[]): Promise<Model | null> {
  return withApp(appOf(texts), async (folder) => {
    try {
      return (await loadModel(folder)).model
    } catch (error) {
      if (error instanceof ModelError && error.problems.every(({ code }) => code !== undefined)) return null
      throw error
    }
  })
}

const all = [...hostileTexts, 'x'.repeat(10_000), `${'"""'}\n\n  indented\n${'"""'}`]
const tenant = '01980000-0000-7000-8000-000000000001'
const person = '01980000-0000-7000-8000-000000000002'

/** A server of an app with the texts, on a database of its own. */
interface Running {
  readonly model: Model
  readonly url: string
  close(): Promise<void>
  ask(query: string): Promise<Answer>
}

async function start(database: TestDatabase, given: Model): Promise<Running> {
  const model = { ...given, app: database.name }
  return withApp({}, async (folder) => {
    const catalog = buildCatalog(model)
    await writeFirstMigration(folder, catalog, 'First')
    const roleSets = roleSetsAhead(model.roles.map(({ name }) => name))
    // Reads the database back, and refuses whatever differs from the catalog.
    await migrate({ appFolder: folder, migrateUrl: database.migratorUrl, names: database.names, catalog, roleSets })
    await database.asOwner((client) =>
      client.query(`insert into rowhouse.tenant (id, slug, name) values ($1, 't', 't')`, [tenant]),
    )
    const { ask, close, server } = await serveApp(model, database, { graphiql: {} })
    return {
      model,
      url: server.url,
      close,
      ask: (query) => ask({ sub: person, tenant, roles: ['admin', 'sales'] }, query),
    }
  })
}

test.each(unstorableTexts)('%j is refused in an app, for Postgres could not hold it', async (text) => {
  expect(await modelOf([text, 'plain'])).toBeNull()
})

describe('texts that an app may hold', () => {
  const hostileDatabase = useDatabase({ migrator: 'plain' })
  const plainDatabase = useDatabase({ migrator: 'plain' })
  const carried: string[] = []
  let hostile: Running
  let plain: Running

  beforeAll(async () => {
    for (const text of all) if ((await modelOf([text, 'plain'])) !== null) carried.push(text)
    hostile = await start(hostileDatabase(), (await modelOf(carried))!)
    plain = await start(plainDatabase(), (await modelOf(carried.map((_, n) => `plain ${n}`)))!)
  })
  afterAll(async () => {
    await hostile?.close()
    await plain?.close()
  })

  test('are all but a blank one', () => {
    expect(all.filter((text) => !carried.includes(text)).map((text) => JSON.stringify(text))).toEqual([
      JSON.stringify('\t\r\n'),
    ])
  })

  test('make the objects in Postgres that plain ones make, and no others', async () => {
    const objectsOf = async (database: TestDatabase) => {
      const { rows } = await database.migrator.query<{ object: string }>(`
        select 'relation ' || c.oid::regclass || ' ' || relkind::text || ' ' || relrowsecurity::text || relforcerowsecurity::text as object from pg_class c join pg_namespace n on n.oid = relnamespace where nspname !~ '^pg_|information_schema'
        union all select 'function ' || p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname !~ '^pg_|information_schema'
        union all select 'schema ' || nspname from pg_namespace union all select 'policy ' || polrelid::regclass || ' ' || left(polname, 2) || polcmd::text from pg_policy
        union all select 'trigger ' || tgrelid::regclass || ' ' || tgname from pg_trigger where not tgisinternal
        union all select 'constraint ' || conrelid::regclass || ' ' || conname from pg_constraint where conrelid <> 0
        union all select 'role ' || replace(rolname, current_database(), 'app') from pg_roles where rolname like current_database() || '%' and rolname !~ '_set_'
        union all select 'extension ' || extname from pg_extension union all select 'event trigger ' || evtname from pg_event_trigger
        order by 1`)
      // Functions of sets are named after what they compare with.
      return rows.map(({ object }) => object.replaceAll(/_[0-9a-f]{12}\b/g, '_HASH')).sort((a, b) => (a < b ? -1 : 1))
    }
    expect(await objectsOf(hostileDatabase())).toEqual(await objectsOf(plainDatabase()))
  })

  test('are comments of Postgres as they were written', async () => {
    const { rows } = await hostileDatabase().migrator.query<{ name: string; note: string }>(
      `select attname as name, col_description(attrelid, attnum) as note from pg_attribute where attrelid = 'app.thing'::regclass and attname ~ '^f[0-9]'`,
    )
    expect(Object.fromEntries(rows.map(({ name, note }) => [name, note]))).toEqual(
      Object.fromEntries(carried.map((text, n) => [`f${n}`, text])),
    )
    const titles = await hostileDatabase().migrator.query<{ title: string }>(
      `select obj_description(oid) as title from pg_policy where polrelid = 'app.thing'::regclass`,
    )
    const found = new Set(titles.rows.map(({ title }) => title))
    for (const [n, text] of carried.entries()) expect(found.has(`${text} ${n}`), text).toBe(true)
  })

  test('are defaults and conditions as they were written', async () => {
    const made = await hostile.ask('mutation { createThing(input: { thing: {} }) { id } }')
    expect(made.errors).toEqual([])
    const names = carried.map((_, n) => `f${n}`)
    const { data } = await hostile.ask(`{ things { nodes { ${names.join(' ')} pick } } }`)
    expect(data.things.nodes).toEqual([
      { ...Object.fromEntries(carried.map((text, n) => [`f${n}`, text])), pick: 'v0' },
    ])
    // Sales sees it, for every rule holds its own text against the default.
    const { rows } = await hostileDatabase().asActor({ roles: ['sales'], tenant, actor: person }, (client) =>
      client.query('select id from app.thing'),
    )
    expect(rows).toHaveLength(1)
  })

  test('are descriptions of GraphQL as they were written, also after a way through SDL', () => {
    const built = createGraphqlSchema(hostile.model).schema
    const parsed = buildSchema(printSdl(hostile.model))
    for (const schema of [built, parsed]) expect(descriptionsOf(schema)).toEqual(carried.map((text) => text))
  })

  test('do not leave the strings of the SQL or of the page', async () => {
    const text = renderCatalog(buildCatalog(hostile.model))
    expect(text).not.toMatch(/^--!/m)
    const page = async ({ url }: Running) => await (await fetch(url)).text()
    const [ours, theirs] = [await page(hostile), await page(plain)]
    for (const tag of ['<script', '</script', '<!--', 'onerror='])
      expect([tag, ours.toLowerCase().split(tag).length]).toEqual([tag, theirs.toLowerCase().split(tag).length])
  })
})

function descriptionsOf(schema: GraphQLSchema): readonly (string | null | undefined)[] {
  const [thing, pick] = [schema.getType('Thing'), schema.getType('ThingPick')]
  if (!isObjectType(thing) || !isEnumType(pick)) throw new Error('The schema lacks a type.')
  return Object.values(thing.getFields())
    .filter(({ name }) => /^f\d+$/.test(name))
    .sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)))
    .map(({ description }) => description)
}
