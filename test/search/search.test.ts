import { beforeAll, describe, expect, test } from 'vitest'
import { acme, ann, gil, globex, useWrittenServer } from '../options/written-server.ts'

const files = {
  'schema/all.entity.ts': `import { date, embed, embedType, entity, list, many, numbering, one, string, text, datetime, int } from 'rowhouse/schema'
const place = embedType('Place', { city: string(), street: string({ optional: true }) })
export const User = entity('User', { tenant: false, fields: { name: string() } })
export const Article = entity('Article', {
  search: { title: 'A', 'seat.city': 'C', notes: 'B' }, sort: ['-rating'], expires: 'until',
  fields: { title: string(), notes: text({ optional: true }), rating: int({ default: 0 }), secretNote: text({ optional: true }), until: datetime({ optional: true }), seat: embed(place, { optional: true }) },
  relations: { owner: one('User', { optional: true }), comments: many('Comment', { by: 'article' }) },
})
export const Comment = entity('Comment', {
  search: { body: 'D' }, searchLanguage: 'english',
  fields: { body: text() }, relations: { article: one('Article') },
})
export const Country = entity('Country', { tenant: false, key: 'code', search: { name: 'A' }, fields: { code: string(), name: string(), asked: string({ optional: true }) } })
export const Word = entity('Word', { tenant: 'shared', search: { text: 'A' }, fields: { text: string() } })
export const Pair = entity('Pair', { key: ['left', 'right'], search: { about: 'A' }, fields: { left: string(), right: int(), about: string() } })`,
  'policies/all.ts': `import { Article, Comment, Country, Pair, User, Word } from '../schema/all.entity.ts'
export const roles = defineRoles({ admin: 'Does everything.', writer: 'Sees what is theirs.' })
export const actor = defineActor(User, {})
export const P0 = policy(User, { all: { allow: 'admin', to: anything } })
export const P1 = policy(Article, {
  all: { allow: 'admin', to: anything },
  mine: { allow: 'writer', to: 'read', where: { owner: actor.id } },
  'secrets are for admins': { reserve: ['secretNote'], to: ['read', 'update'], for: 'admin' },
})
export const P2 = policy(Comment, { all: { allow: 'admin', to: anything }, seen: { allow: 'writer', to: 'read', where: { article: may('read') } } })
export const P3 = policy(Country, { all: { allow: 'admin', to: anything }, seen: { allow: everyone, to: 'read' } })
export const P4 = policy(Word, { all: { allow: 'admin', to: anything } })
export const P5 = policy(Pair, { all: { allow: 'admin', to: anything } })`,
}
const app = useWrittenServer(files, ['admin', 'writer'])

const hidden = '00000000-0000-7000-8000-0000000000c1'

async function create(entity: string, input: object, subject: object = {}): Promise<string> {
  const key = entity.charAt(0).toLowerCase() + entity.slice(1)
  const query = `mutation ($it: ${entity}Input!) { create${entity}(input: { ${key}: $it }) { __typename } }`
  const { errors } = await app().ask(query, { it: input }, subject)
  expect(errors).toEqual([])
  return entity
}

/** Titles of the articles that a list gives. */
async function titles(args: string, subject: object | null = {}): Promise<readonly string[]> {
  const { data, errors } = await app().ask(`{ articles(${args}) { nodes { title } totalCount } }`, {}, subject)
  expect(errors).toEqual([])
  expect(data.articles.totalCount).toBe(data.articles.nodes.length)
  return data.articles.nodes.map(({ title }: { title: string }) => title)
}

const writer = { roles: ['writer'] }
const other = { tenant: globex, sub: gil }

beforeAll(async () => {
  await app().database.asOwner(async (client) => {
    await client.query('alter table app."user" no force row level security')
    await client.query(
      `insert into app."user" (id, name) values ('${ann}', 'Ann'), ('${gil}', 'Gil'), ('${hidden}', 'Ida')`,
    )
    await client.query('alter table app."user" force row level security')
    await client.query('alter table app.word no force row level security')
    await client.query(
      `insert into app.word (tenant_id, is_shared, text) values ('00000000-0000-0000-0000-000000000000', true, 'umbrella of all')`,
    )
    await client.query('alter table app.word force row level security')
  })
  const articles = [
    { title: 'Red shoes', notes: 'Walk in them', ownerId: ann, rating: 1, seat: { city: 'Oslo' } },
    { title: 'Blue boots', notes: 'Better than red shoes', rating: 5, secretNote: 'zebra' },
    { title: 'Shoes that are red', ownerId: ann, rating: 3 },
    { title: 'Hats', notes: "An o'neil of a hat; foo-bar", rating: 9 },
    { title: 'Gone umbrella', rating: 0, until: '2000-01-01T00:00:00Z' },
  ]
  for (const article of articles) await create('Article', article)
  await create('Article', { title: 'Red shoes of Globex' }, other)
  const { data } = await app().ask('{ articles(orderBy: TITLE_ASC) { nodes { id title } } }')
  for (const [body, title] of [
    ['She was running home', 'Red shoes'],
    ['Nothing of note', 'Hats'],
  ] as const) {
    const articleId = data.articles.nodes.find((each: { title: string }) => each.title === title).id
    await create('Comment', { body, articleId })
  }
  await create('Country', { code: 'NO', name: 'Kingdom of Norway' })
  await create('Word', { text: 'umbrella of mine' })
  await create('Word', { text: 'umbrella of theirs' }, other)
  await create('Pair', { left: 'a', right: 1, about: 'green apples' })
  await create('Pair', { left: 'b', right: 1, about: 'red apples' })
})

describe('what is found', () => {
  test.each([
    [
      'all words, in any order, best first; ties as lists usually are',
      'shoes red',
      ['Red shoes', 'Shoes that are red', 'Blue boots'],
    ],
    ['words side by side', '"red shoes"', ['Red shoes', 'Blue boots']],
    ['one or the other', 'hats or boots', ['Hats', 'Blue boots']],
    ['none with a word that is left out', 'shoes -blue', ['Shoes that are red', 'Red shoes']],
    ['the last word as it is being typed', 'red sho', ['Red shoes', 'Shoes that are red', 'Blue boots']],
    ['the first letter of the last word', 'red s', ['Red shoes', 'Shoes that are red', 'Blue boots']],
    ['a letter alone', 'h', ['Hats']],
    ['a letter or a word', 'boots or h', ['Hats', 'Blue boots']],
    ['a letter behind words side by side', '"red shoes" i', ['Red shoes']],
    ['a letter behind a word that is left out', '-blue s', ['Shoes that are red', 'Red shoes']],
    ['a letter of a word with signs', 'foo-b', ['Hats']],
    ['a letter behind a quote', "o'n", ['Hats']],
    ['no beginnings but of the last word', 'sho red', []],
    ['no beginnings before a space', 'sho ', []],
    ['no beginnings within quotes', '"red sho"', []],
    ['no beginnings of what is left out', 'red -sho', ['Blue boots', 'Shoes that are red', 'Red shoes']],
    ['words with signs in them', 'foo-ba', ['Hats']],
    ['words with quotes in them', "o'nei", ['Hats']],
    ['parts of value objects', 'oslo', ['Red shoes']],
    ['nothing by signs alone', '?!', []],
    ['nothing of other fields', 'zebra', []],
    ['nothing that has expired', 'gone', []],
    ['words of the syntax of Postgres as words', 'red | zebra', []],
  ])('%s', async (_, words, expected) => {
    expect(await titles(`search: ${JSON.stringify(words)}`)).toEqual(expected)
  })

  test('a blank text looks for nothing', async () => {
    const usual = ['Hats', 'Blue boots', 'Shoes that are red', 'Red shoes']
    for (const blank of ['""', '"  "', 'null']) expect(await titles(`search: ${blank}`)).toEqual(usual)
    expect(await titles('first: 50')).toEqual(usual)
  })

  test('other forms of a word, where the language is known', async () => {
    const { data } = await app().ask(
      '{ comments(search: "homes run") { nodes { body } } note: comments(search: "the") { totalCount } }',
    )
    expect(data).toEqual({ comments: { nodes: [{ body: 'She was running home' }] }, note: { totalCount: 0 } })
  })

  test('rows of other keys, of no tenant and of all tenants', async () => {
    const query =
      '{ countries(search: "norw") { nodes { code } } pairs(search: "apples") { nodes { left } } words(search: "umbrella", orderBy: TEXT_ASC) { nodes { text } } }'
    const { data, errors } = await app().ask(query)
    expect(errors).toEqual([])
    expect(data).toEqual({
      countries: { nodes: [{ code: 'NO' }] },
      pairs: { nodes: [{ left: 'a' }, { left: 'b' }] },
      words: { nodes: [{ text: 'umbrella of all' }, { text: 'umbrella of mine' }] },
    })
  })
})

describe('with the rest of a list', () => {
  test('filters, orders, offsets, aggregates', async () => {
    const query = `{
      filtered: articles(search: "red", filter: { rating: { greaterThan: 2 } }, orderBy: RATING_ASC, first: 1, offset: 1) { totalCount nodes { title } aggregates { sum { rating } } }
      grouped: articles(search: "red") { groupedAggregates(groupBy: OWNER_ID) { keys distinctCount { id } } }
    }`
    const { data, errors } = await app().ask(query)
    expect(errors).toEqual([])
    expect(data.filtered).toEqual({
      totalCount: 2,
      nodes: [{ title: 'Blue boots' }],
      aggregates: { sum: { rating: '8' } },
    })
    expect(data.grouped.groupedAggregates).toHaveLength(2)
  })

  test('distinct rows are chosen among those that are found, in the order that the list has', async () => {
    const some = async (args: string) => {
      const { data, errors } = await app().ask(`{ articles(${args}) { totalCount nodes { title rating } } }`)
      expect(errors).toEqual([])
      expect(data.articles.totalCount).toBe(data.articles.nodes.length)
      return data.articles.nodes.map(({ title }: { title: string }) => title)
    }
    expect(await some('distinctOn: [OWNER_ID]')).toEqual(['Hats', 'Shoes that are red'])
    expect(await some('search: "red", distinctOn: [OWNER_ID], orderBy: RATING_ASC')).toEqual([
      'Red shoes',
      'Blue boots',
    ])
    expect(await some('search: "walk or red", distinctOn: [OWNER_ID]')).toEqual(['Red shoes', 'Blue boots'])
    const query =
      'query ($s: String, $on: [ArticleGroupBy!]) { articles(search: $s, distinctOn: $on) { nodes { title } } }'
    const { data } = await app().ask(query, { s: 'red -walk', on: ['OWNER_ID'] })
    expect(data.articles.nodes).toEqual([{ title: 'Blue boots' }, { title: 'Shoes that are red' }])
  })

  test('pages by cursor, forward and back, each row once', async () => {
    const page = async (args: string) => {
      const { data, errors } = await app().ask(
        `{ articles(search: "red", ${args}) { nodes { title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      )
      expect(errors).toEqual([])
      return data.articles
    }
    const found: string[] = []
    let last = await page('first: 1')
    for (;;) {
      found.push(last.nodes[0].title)
      if (!last.pageInfo.hasNextPage) break
      last = await page(`first: 1, after: "${last.pageInfo.endCursor}"`)
    }
    expect(found).toEqual(['Shoes that are red', 'Red shoes', 'Blue boots'])
    const before = await page(`last: 2, before: "${last.pageInfo.startCursor}"`)
    expect(before.nodes).toEqual([{ title: 'Shoes that are red' }, { title: 'Red shoes' }])
  })

  test('lists within rows, and conditions on related rows', async () => {
    const query = `{
      articles(orderBy: TITLE_ASC, filter: { or: [{ comments: { some: { search: "run" } } }, { search: "boots" }] }) { nodes { title comments(search: "note or home") { totalCount } } }
      comments(filter: { article: { search: "red" }, not: { search: "nothing" } }) { nodes { body } }
    }`
    const { data, errors } = await app().ask(query)
    expect(errors).toEqual([])
    expect(data).toEqual({
      articles: {
        nodes: [
          { title: 'Blue boots', comments: { totalCount: 0 } },
          { title: 'Red shoes', comments: { totalCount: 1 } },
        ],
      },
      comments: { nodes: [{ body: 'She was running home' }] },
    })
  })

  test('what is changed is found as it is now', async () => {
    const { data } = await app().ask('{ articles(search: "boots") { nodes { id } } }')
    const [{ id }] = data.articles.nodes
    const change = async (field: string, more = '') => {
      const { errors } = await app().ask(`mutation { ${field}(input: { id: "${id}"${more} }) { __typename } }`)
      expect(errors).toEqual([])
    }
    await change('updateArticle', ', patch: { title: "Caps" }')
    expect(await titles('search: "boots"')).toEqual([])
    expect(await titles('search: "caps"')).toEqual(['Caps'])
    await change('removeArticle')
    expect(await titles('search: "caps"')).toEqual([])
    await change('restoreArticle')
    await change('updateArticle', ', patch: { title: "Blue boots" }')
    expect(await titles('search: "boots"')).toEqual(['Blue boots'])
  })

  test('a request may search ten times, wherever it does', async () => {
    const body = (count: number) =>
      Array.from({ length: count }, (_, i) => `a${i}: articles(search: $s) { totalCount }`).join(' ')
    const asked = (query: string, s = 'red') => app().ask(`query ($s: String) { ${query} }`, { s })
    expect((await asked(body(10))).errors).toEqual([])
    const filtered = 'articles(filter: { comments: { some: { search: $s } } }) { totalCount }'
    for (const query of [body(11), `${body(10)} ${filtered}`])
      expect((await asked(query)).errors).toMatchObject([
        { extensions: { code: 'LIMIT', limit: 'maxSearches', most: 10 } },
      ])
    // Each costs as much as five thousand rows: a page of a thousand rows, with one in each, asks for too much.
    const nested = 'articles(first: 1000) { nodes { comments(search: $s, first: 200) { totalCount } } }'
    expect((await asked(nested)).errors).toMatchObject([{ extensions: { code: 'LIMIT', limit: 'maxRows' } }])
    expect((await asked(nested, ' ')).errors).toEqual([])
  })

  test('a text that is too long is refused', async () => {
    const { errors } = await app().ask('query ($s: String) { articles(search: $s) { totalCount } }', {
      s: 'a '.repeat(251),
    })
    expect(errors).toMatchObject([
      { message: 'A search has at most 500 characters.', extensions: { code: 'VALIDATION' } },
    ])
  })
})

describe('who finds what', () => {
  test('each tenant its own rows, each reader those that rules show', async () => {
    expect(await titles('search: "red"', other)).toEqual(['Red shoes of Globex'])
    expect(await titles('search: "red"', writer)).toEqual(['Shoes that are red', 'Red shoes'])
    expect(await titles('search: "hats"', writer)).toEqual([])
    expect(await titles('filter: { not: { search: "hats" } }', writer)).toEqual(['Shoes that are red', 'Red shoes'])
    const { data } = await app().ask('{ comments(search: "nothing or home") { nodes { body } } }', {}, writer)
    expect(data).toEqual({ comments: { nodes: [{ body: 'She was running home' }] } })
  })
})

describe('whoever speaks SQL as a role of requests', () => {
  const ida = { roles: ['writer'], tenant: acme, actor: ann }
  const call = (text: string, actor: object = {}) =>
    app().database.asActor({ ...ida, ...actor }, async (client) => (await client.query(text)).rows)
  const found = (words: string, actor: object = {}) =>
    call(`select id from rowhouse_private.search_article('${words}', true)`, actor)

  /** Runs the attack while some SQL has taken a protection away; another puts it back. */
  async function without<T>(role: string, [remove, restore]: readonly [string, string], attack: () => Promise<T>) {
    const run = (text: string) => app().database.asRole(role, (client) => client.query(text))
    await run(remove)
    try {
      return await attack()
    } finally {
      await run(restore)
    }
  }

  /** `search_article` without the question whether the caller may read. */
  const told = async () => {
    const name = 'rowhouse_private.search_article(text, boolean)'
    const { rows } = await app().database.migrator.query('select pg_get_functiondef($1::regprocedure) as text', [name])
    const leaky = `create or replace function rowhouse_private.search_article(asked_words text, is_ranked boolean) returns table (id uuid, rank integer)
      language sql security definer rows 100 set search_path = '' as 'select f.id, f.rank from rowhouse_private.find_article($1, $2) f'`
    return [leaky, rows[0].text as string] as const
  }

  test('is given the rows that rules show, and no number of others', async () => {
    expect(await found('hats')).toEqual([])
    expect(await found('red')).toHaveLength(2)
    const leaked = await without(app().database.names.private, await told(), () => found('hats'))
    expect(leaked).toHaveLength(1)
  })

  test('the API joins what is found with row security, whatever the function says', async () => {
    const list = () => titles('search: "hats"', writer)
    expect(await without(app().database.names.private, await told(), list)).toEqual([])
    const ask = () => app().ask('{ comments(filter: { article: { search: "hats" } }) { totalCount } }', {}, writer)
    const { data } = await without(app().database.names.private, await told(), ask)
    expect(data).toEqual({ comments: { totalCount: 0 } })
  })

  test('cannot call what finds rows of all', async () => {
    const attack = () => call(`select id from rowhouse_private.find_article('hats', false)`)
    await expect(attack()).rejects.toMatchObject({ code: '42501' })
    const { search, member } = app().database.names
    const right = 'execute on function rowhouse_private.find_article(text, boolean)'
    const opened = [`grant ${right} to "${member}"`, `revoke ${right} from "${member}"`] as const
    expect(await without(search, opened, attack)).toHaveLength(1)
  })

  test('cannot become the role that looks, nor say for it what is looked for', async () => {
    await expect(call(`set local role "${app().database.names.search}"`)).rejects.toMatchObject({ code: '42501' })
    const rows = await app().database.asActor(ida, async (client) => {
      await client.query(`select set_config('rowhouse.search', '''hats''', true)`)
      return (await client.query('select title from app.article__shown')).rows
    })
    expect(rows).toHaveLength(2)
  })

  test('cannot read the words of rows, not even of those that it sees', async () => {
    const { rows } = await app().database.migrator.query(
      `select attname as name from pg_attribute where attrelid = 'app.comment'::regclass and attname like 'search\\_\\_%'`,
    )
    expect(rows).toHaveLength(1)
    await expect(call(`select ${rows[0].name} from app.comment`)).rejects.toMatchObject({ code: '42501' })
  })

  test('finds nothing of another tenant, removed or expired', async () => {
    const admin = { roles: ['admin'] }
    expect(await found('globex', admin)).toEqual([])
    expect(await found('gone', admin)).toEqual([])
    const policy = (clause: string) => `alter policy tenant on app.article using (${clause})`
    const pin = [policy('true'), policy('"tenant_id" = (select rowhouse.tenant_id())')] as const
    const attack = () => found('globex', admin)
    expect(await without(app().database.names.owner, pin, attack)).toHaveLength(1)
  })
})

describe('the index', () => {
  const asOwner = (text: string) => app().database.asRole(app().database.names.owner, (client) => client.query(text))
  const plan = () =>
    app().database.asRole(
      app().database.names.search,
      async (client) => {
        // The table is small.
        await client.query('set local enable_seqscan = off')
        const { rows } = await client.query('explain select "left" from app.pair where deleted_at is null')
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      },
      { 'rowhouse.tenant_id': acme, 'rowhouse.search': "'rare'" },
    )

  /** How the rows that are found are joined with the table, where the planner expects so many. */
  const joined = async (expected: number) => {
    const { database } = app()
    const expect = (count: number) =>
      database.asRole(database.names.private, (client) =>
        client.query(`alter function rowhouse_private.search_pair(text, boolean) rows ${count}`),
      )
    await expect(expected)
    const { rows } = await database.asActor({ roles: ['admin'], tenant: acme }, (client) =>
      client.query(`explain select t.about from app.pair t
        join rowhouse_private.search_pair('rare', true) f on f.key_1 = t."left" and f.key_2 = t."right"`),
    )
    await expect(1)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
  let unknown: readonly string[] = []

  beforeAll(async () => {
    await app().database.asOwner((client) => client.query(`alter table app.pair set (autovacuum_enabled = off)`))
    await app().database.asOwner((client) =>
      client.query(`insert into app.pair (tenant_id, "left", "right", about)
        select case when i % 2 = 0 then '${acme}' else '${globex}' end::uuid, 'x', i,
          'word' || i % 50 || case when i % 400 = 0 then ' rare' else '' end from generate_series(1, 4000) i`),
    )
    unknown = [await joined(1), await joined(100)]
    // Words of new rows wait in a list until then.
    await app().database.migrator.query('vacuum analyze app.pair')
  })

  test('finds words of one tenant, though nothing is leakproof', async () => {
    const { rows } = await app().database.migrator.query(
      "select proleakproof from pg_proc where proname = 'ts_match_vq'",
    )
    expect(rows).toEqual([{ proleakproof: false }])
    expect(await plan()).toMatch(/Index Cond: \(\(tenant_id = .*\) AND \(search__[0-9a-f]{8} @@ /)
    const { data } = await app().ask('{ pairs(search: "rare") { totalCount } }')
    expect(data).toEqual({ pairs: { totalCount: 10 } })
  })

  test('looks rows up by their keys, though nobody has analysed the table', () => {
    const [ours, others] = unknown
    expect(ours).toMatch(/Nested Loop.*Function Scan on search_pair.*Index Scan using pair_pkey on pair/s)
    expect(others).not.toMatch(/Index Scan using pair_pkey/)
  })

  test.each([
    ['red sho', `'red' & 'sho':*`],
    ['red sh', `'red'`],
    ['sh', null],
    ['red or sh', null],
    ['"red shoes" sh', null],
    ['-red s', `!'red'`],
    ['foo-b', null],
    ["o'ab", null],
    ['red ', `'red'`],
    ['?', ''],
  ])('is asked for "%s" by %s', async (typed, expected) => {
    const { rows } = await app().database.migrator.query(
      `select rowhouse.search_index_query(rowhouse.search_query('simple', $1))::text as asked`,
      [typed],
    )
    expect(rows).toEqual([{ asked: expected }])
  })

  test('is not asked for a letter, which is one of many words of all tenants', async () => {
    /** How often the index is read, and what comes of it. */
    const read = (words: string) =>
      app().database.asActor({ roles: ['admin'], tenant: acme }, async (client) => {
        await client.query('set local enable_seqscan = off')
        const found = await client.query('select * from rowhouse_private.search_pair($1, false)', [words])
        const { rows } = await client.query(
          `select pg_stat_get_xact_numscans(to_regclass('app.pair_search_idx')) as scans, current_setting('enable_bitmapscan') as bitmaps`,
        )
        return { found: found.rowCount, ...rows[0] }
      })
    expect(await read('wor')).toEqual({ found: 2000, scans: '1', bitmaps: 'on' })
    expect(await read('w')).toEqual({ found: 2000, scans: '0', bitmaps: 'on' })
    expect(await read('rare w')).toEqual({ found: 10, scans: '1', bitmaps: 'on' })
  })

  test('is never asked for less than the search, whatever is typed', async () => {
    const { rows } = await app().database.migrator.query(
      `with words as (select unnest(array['a', 'ab', 'abc', '-a', '-abc', 'or', '"', '"abc', 'a-b', 'ab-abc', 'o''a', 'a\\b', '|', '&', '!', '<->', ':*', 'é']) as word),
         typed as (select a.word || ' ' || b.word || ' ' || c.word as text from words a, words b, words c),
         asked as (select text, rowhouse.search_query('simple', text) as whole from typed)
       select text from asked, coalesce(rowhouse.search_index_query(whole), '!'' ''') sought, (values ('a abc ab'), ('a-b or é'), ('o''ab'), ('abc'), ('')) body (said)
       where to_tsvector('simple', said) @@ whole and not to_tsvector('simple', said) @@ sought`,
    )
    expect(rows).toEqual([])
  })

  test('serves only where the words come before the tenant', async () => {
    await asOwner('alter policy search on app.pair rename to words')
    try {
      expect(await plan()).not.toMatch(/Index Cond:.*@@/)
    } finally {
      await asOwner('alter policy words on app.pair rename to search')
    }
  })
})
