import { expect, test } from 'vitest'
import { changesOfSeed, indexSeed } from '../../../cli/dev/watch/seed-changes.ts'

const seed = {
  shared: { User: [{ id: 'u', name: 'U' }] },
  tenants: [
    {
      id: 'a',
      slug: 'a',
      name: 'A',
      rows: {
        Thing: [
          { id: '1', name: 'One' },
          { id: '2', name: 'Two' },
        ],
      },
    },
    { id: 'b', slug: 'b', name: 'B', rows: { Thing: [{ id: '1', name: 'One' }] } },
  ],
}

test('a seed that is the same writes nothing', () => {
  expect(changesOfSeed(indexSeed(seed), structuredClone(seed))).toEqual({ data: null, rows: 0, gone: 0 })
})

test('only rows that differ are written, in the tenant that they differ in', () => {
  const next = structuredClone(seed)
  next.tenants[1]!.rows.Thing[0]!.name = 'Uno'
  const { data, rows, gone } = changesOfSeed(indexSeed(seed), next)
  expect({ rows, gone }).toEqual({ rows: 1, gone: 0 })
  expect(data?.shared).toEqual({})
  expect(data?.tenants.map(({ rows }) => rows)).toEqual([{}, { Thing: [{ id: '1', name: 'Uno' }] }])
})

test('rows that are gone are counted and left; a tenant with another name is written', () => {
  const next = structuredClone(seed)
  next.tenants[0]!.rows.Thing.pop()
  expect(changesOfSeed(indexSeed(seed), next)).toEqual({ data: null, rows: 0, gone: 1 })
  next.tenants[0]!.name = 'Acme'
  expect(changesOfSeed(indexSeed(seed), next).data?.tenants[0]).toMatchObject({ name: 'Acme', rows: {} })
})
