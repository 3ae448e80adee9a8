import { describe, expect, test } from 'vitest'
import { buildCatalog, canonicalCatalog, compareCatalogs, formatDifference, roleWords } from '#migrations'
import { loadModel } from '#policies'
import type { Expression, Model } from '#schema'
import { readCatalogHere } from '../../../migrations/read/read-catalog.ts'
import { hostileTexts } from '../../attack/hostile-values.ts'
import { typesOf } from '../../formulas/generate.ts'
import { expectCatalogReadBack } from '../../support/catalog-read-back.ts'
import { useDatabase } from '../../support/database.ts'
import { notShown } from '../../support/model.ts'

const sheets = (await loadModel('test/fixtures/apps/sheets')).model
const baskets = hostile((await loadModel('test/fixtures/apps/baskets')).model)

/** With a formula for each text that could end a literal; each leaves the row, so that it becomes a function. */
function hostile(model: Model): Model {
  const computed = hostileTexts.map((value, at) => {
    const literal: Expression = { kind: 'literal', of: 'text', value }
    const far: Expression = { kind: 'field', up: 0, path: ['keeper', 'name'] }
    const expression: Expression = { kind: 'call', name: 'concat', args: [literal, far] }
    return { ...notShown, name: `said${at}`, type: typesOf.text, optional: false, stored: false, expression }
  })
  const withMore = model.entities.map((entity) =>
    entity.name === 'Basket' ? { ...entity, computed: [...entity.computed, ...computed] } : entity,
  )
  return { ...model, entities: withMore }
}

describe.each([
  ['sheets', sheets],
  ['baskets', baskets],
])('%s', (name, model) => {
  const db = useDatabase({ migrator: 'plain' })
  const catalog = buildCatalog(model)
  const words = () => roleWords(db().names, catalog)

  test('a catalog with formulas and defaults read back equals the one generated', async () => {
    const { expected } = await expectCatalogReadBack(db(), catalog)
    const functions = expected.functions.map((each) => each.name).filter((each) => each.startsWith('computed_'))
    expect(functions.length).toBeGreaterThan(name === 'sheets' ? 10 : hostileTexts.length)
  })

  test('whatever a hand does to the function of a formula is found', async () => {
    const client = db().migrator
    const expected = await canonicalCatalog(client, catalog, words())
    const { rows } = await client.query<{ at: string; name: string; arguments: string; result: string }>(
      `select p.oid::regprocedure::text as at, proname as name, pg_get_function_arguments(p.oid) as arguments,
         pg_get_function_result(p.oid) as result
       from pg_proc p where pronamespace = 'rowhouse_private'::regnamespace and proname like 'computed_%' order by proname limit 1`,
    )
    const { at, name: called, arguments: given, result } = rows[0]!
    const tamperings: readonly string[] = [
      `create or replace function rowhouse_private."${called}"(${given}) returns ${result} language sql stable security definer begin atomic select null::${result}; end`,
      `alter function ${at} security invoker`,
      `alter function ${at} volatile`,
      `alter function ${at} set search_path = public`,
      `grant execute on function ${at} to public`,
      `drop function ${at} cascade`,
    ]
    const unseen: string[] = []
    for (const statements of tamperings) {
      await client.query('begin')
      try {
        await client.query(`set local role "${db().names.private}"; ${statements}; reset role`)
        const found = compareCatalogs(expected, await readCatalogHere(client, words())).map(formatDifference)
        if (!found.some((line) => line.includes(called))) unseen.push(`${statements}: ${found.join('\n')}`)
      } finally {
        await client.query('rollback')
      }
    }
    expect(unseen).toEqual([])
  })
})

describe('texts that mean something elsewhere', () => {
  const db = useDatabase()

  test('stay what they are in a formula', async () => {
    await db().applyCatalog(buildCatalog(baskets))
    const { rows } = await db().migrator.query<{ at: string; name: string }>(
      `select oid::regprocedure::text as at, proname as name from pg_proc where proname like 'computed_basket_said%'`,
    )
    const functionOf = (at: number) => rows.find(({ name }) => name.startsWith(`computed_basket_said${at}_`))!.at
    const said = await db().asRole(db().names.private, async (client) => {
      const calls = hostileTexts.map((_, at) => `${functionOf(at).replace(/\(.*\)$/, '')}(null) as s${at}`)
      const answer = await client.query(`select ${calls.join(', ')}`)
      return hostileTexts.map((_, at) => answer.rows[0][`s${at}`])
    })
    expect(said).toEqual(hostileTexts)
  })
})
