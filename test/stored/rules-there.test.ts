import { expect, test } from 'vitest'
import { buildCatalog, diffCatalogs, findBroken, findDrift, renderAdditions, replacePlaceholders } from '#migrations'
import { loadModel } from '#policies'
import type { Entity, Model } from '#schema'
import { runSeed } from '../../server/seed/run-seed.ts'
import { useDatabase } from '../support/database.ts'
import { vouchersFolder } from './ledgers.ts'

const db = useDatabase({ migrator: 'plain' })
const { model } = await loadModel(vouchersFolder)
const id = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`
const sum = 'what is declared is the sum of the lines'

function changed(name: string, change: (entity: Entity) => Partial<Entity>): Model {
  const entities = model.entities.map((each) => (each.name === name ? { ...each, ...change(each) } : each))
  return { ...model, entities }
}

/** Without what is looked at when a transaction commits. */
const lawless = changed('Voucher', ({ rules }) => ({ rules: rules.filter(({ title }) => title === 'it has a label') }))

/** What the migration from one model to another asks, and that it is done. */
async function migrate(from: Model, to: Model): Promise<readonly string[]> {
  const changes = diffCatalogs(buildCatalog(from), buildCatalog(to))
  const text = replacePlaceholders(renderAdditions(changes), db().names)
  await db().migrator.query('begin')
  try {
    await db().migrator.query(text)
    await db().migrator.query('commit')
  } catch (error) {
    await db().migrator.query('rollback')
    throw error
  }
  return changes.map(({ description }) => description)
}

/** Of two tenants, one voucher each, of which `declared` may be wrong. */
const seed = (declared: string) => ({
  tenants: [900, 901].map((tenant) => ({
    id: id(tenant),
    slug: `t${tenant}`,
    name: 'Tenant',
    rows: {
      Project: [{ id: id(1), name: 'P', budget: '100' }],
      Voucher: [{ id: id(2), number: 'V', declared: tenant === 901 ? declared : '3', project: id(1) }],
      Posting: [
        { id: id(3), amount: '1', voucher: id(2) },
        { id: id(4), amount: '2', voucher: id(2) },
      ],
    },
  })),
})

const broken = () => findBroken(db().migrator, { model, names: db().names })

test('a seed is held to the rules when all of its rows are there, small and large', async () => {
  await db().applyCatalog(buildCatalog(model))
  const client = db().migrator
  for (const largeFrom of [3, 50_000]) {
    const options = { client, owner: db().names.owner, again: false, largeFrom }
    await expect(runSeed(model, seed('4'), options)).rejects.toMatchObject({
      code: 'SEED_INVALID',
      message: `A row of the seed of "Voucher" (id "${id(2)}") breaks a rule: Voucher: ${sum}.`,
    })
    await runSeed(model, seed('3'), options)
    expect(await broken()).toEqual([])
    await expect(runSeed(model, seed('4'), { ...options, again: true })).rejects.toMatchObject({ code: 'SEED_INVALID' })
    await db().asOwner((each) => each.query('delete from app.project; delete from rowhouse.tenant'))
  }
})

test('a rule that rows break is not added to them, and the drift check lists these', async () => {
  await migrate(model, lawless)
  await runSeed(lawless, seed('4'), { client: db().migrator, owner: db().names.owner, again: false })
  expect(await broken()).toEqual([{ entity: 'Voucher', title: sum, rows: 1, keys: [`${id(901)} ${id(2)}`] }])
  await expect(migrate(lawless, model)).rejects.toMatchObject({
    code: '23514',
    message: `Rows of "Voucher" break the rule "${sum}".`,
    detail: '1 of them.',
  })
  await db().asOwner((each) => each.query('update app.voucher set declared = sum'))
  expect(await migrate(lawless, model)).toContainEqual(
    expect.stringContaining(`"${sum}" from now on, unless rows that are there break it`),
  )
  expect(await broken()).toEqual([])
})

test('another formula is not stored where rows would break a rule by it', async () => {
  const other = changed('Voucher', ({ computed }) => {
    const { expression } = computed.find(({ name }) => name === 'lineCount')!
    return { computed: computed.map((each) => (each.name === 'sum' ? { ...each, expression } : each)) }
  })
  await expect(migrate(model, other)).rejects.toMatchObject({ code: '23514' })
  expect(await findDrift(db().migrator, { model, names: db().names, repair: false })).toEqual([])
})
