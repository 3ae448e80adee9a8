import { describe, expect, test } from 'vitest'
import { toText } from '#base'
import { buildCatalog } from '#migrations'
import {
  computedValue,
  conditionToSql,
  indexModel,
  loadModel,
  modelJson,
  namedRow,
  readModelJson,
  statementActor,
} from '#policies'
import type { Computed, Entity, Expression, ListRead, Model } from '#schema'
import { type TestDatabase, useDatabase } from '../support/database.ts'
import { compare, notShown } from '../support/model.ts'
import { type Kind, typesOf } from './generate.ts'

const tenant = '00000000-0000-7000-8000-000000000900'
const plainList = { kind: 'list', up: 0, value: null, where: null, sort: [], separator: null } as const

function computed(name: string, kind: Kind, expression: Expression): Computed {
  return { ...notShown, name, type: typesOf[kind], optional: true, stored: false, expression }
}

/** The model with a change of one entity, which JSON takes as well. */
function changed(model: Model, name: string, change: (entity: Entity) => Entity): Model {
  return { ...model, entities: model.entities.map((each) => (each.name === name ? change(each) : each)) }
}

function grown(model: Model, name: string, made: Computed): Model {
  const given = changed(model, name, (entity) => ({ ...entity, computed: [...entity.computed, made] }))
  expect(modelJson(readModelJson(modelJson(given)).model)).toBe(modelJson(given))
  return given
}

/** Value of a computed field in each row, in the order of the column; and what its function is given. */
async function answers(db: TestDatabase, model: Model, name: string, made: Computed, order: string) {
  const index = indexModel(model)
  const entity = index.entities.get(name)!
  const scope = { index, entity, row: namedRow('t0'), actor: statementActor, related: 'inline', depth: 0 } as const
  const value = toText(computedValue(made, scope, conditionToSql))
  const { rows } = await db.asOwner((client) =>
    client.query(`select ${value} as v from ${entity.schema}."${entity.table}" t0 order by ${order}`),
  )
  const { rows: functions } = await db.migrator.query(
    `select pg_get_function_arguments(oid) as given from pg_proc where proname like 'computed_${entity.table}%'`,
  )
  return { values: rows.map(({ v }) => v), given: functions.map(({ given }) => given) }
}

describe('keys of several columns', () => {
  const db = useDatabase()

  test('decide between rows that are alike in a sort', async () => {
    const { model } = await loadModel('test/fixtures/apps/own-keys')
    const value: Expression = { kind: 'field', up: 0, path: ['shelf'] }
    const first: ListRead = {
      ...plainList,
      path: ['stock'],
      name: 'first',
      value,
      sort: [{ name: 'quantity', descending: false }],
    }
    const made = computed('firstShelf', 'text', first)
    const given = grown(model, 'Depot', made)
    await db().applyCatalog(buildCatalog(given))
    const { rows } = await db().migrator.query(
      `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'app' and table_name = 'stock_levels'`,
    )
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['stock_levels.depot_id', 'stock_levels.item_id']),
    )
    await db().asOwner((client) =>
      client.query(`insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'acme', 'Acme');
        insert into app.country (code, name) values ('DE', 'Germany');
        insert into app.depot (tenant_id, id, name, country_id) overriding system value values ('${tenant}', 1, 'North', 'DE');
        insert into app.item (tenant_id, sku) values ('${tenant}', 'A1'), ('${tenant}', 'A0');
        insert into app.stock_levels (tenant_id, depot_id, item_id, quantity, shelf) values
          ('${tenant}', 1, 'A1', 5, 'one'), ('${tenant}', 1, 'A0', 5, 'zero')`),
    )
    expect(await answers(db(), given, 'Depot', made, 'id')).toEqual({ values: ['zero'], given: ['integer'] })
  })
})

describe('parts of value objects and periods', () => {
  const db = useDatabase()

  test('stand in conditions of formulas that look at other rows', async () => {
    const { model } = await loadModel('test/fixtures/apps/lodge')
    const linked = changed(
      changed(model, 'Guest', (entity) => ({
        ...entity,
        relations: [...entity.relations, { ...notShown, kind: 'many', name: 'bookings', to: 'Booking', by: 'guest' }],
      })),
      'Booking',
      (entity) => ({
        ...entity,
        relations: entity.relations.map((each) =>
          each.name === 'guest' ? { ...each, inverse: 'bookings' } : each,
        ) as Entity['relations'],
      }),
    )
    const during = compare('stay', 'covers', '2026-01-05')
    const count: ListRead = { ...plainList, path: ['bookings'], name: 'count', where: during }
    const none: Expression = { kind: 'literal', of: 'number', value: '-1' }
    const made = computed('staysFromBern', 'int', {
      ...{ kind: 'cases', up: 0, otherwise: none },
      cases: [{ where: compare('home.city', 'is', 'Bern'), then: count }],
    })
    const given = grown(linked, 'Guest', made)
    await db().applyCatalog(buildCatalog(given))
    const guests = ['Bern', 'Basel'].map(
      (city, at) => `('${tenant}', '${tenant.slice(0, -1)}${at}', '${city}', 'A', '${city}')`,
    )
    await db().asOwner((client) =>
      client.query(`insert into rowhouse.tenant (id, slug, name) values ('${tenant}', 'acme', 'Acme');
        insert into app.guest (tenant_id, id, name, home_street, home_city) values ${guests.join(', ')};
        insert into app.room (tenant_id, id, name) values ('${tenant}', '${tenant}', '1');
        insert into app.booking (tenant_id, room_id, guest_id, stay) values
          ('${tenant}', '${tenant}', '${tenant.slice(0, -1)}0', '[2026-01-01,2026-01-06)'),
          ('${tenant}', '${tenant}', '${tenant.slice(0, -1)}0', '[2026-01-06,2026-01-09)')`),
    )
    expect(await answers(db(), given, 'Guest', made, 'id')).toEqual({ values: [1, -1], given: ['text, uuid'] })
  })
})
