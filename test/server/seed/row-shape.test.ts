import { expect, test } from 'vitest'
import { loadModel } from '#policies'
import type { SeedRow } from '#server'
import { copyText } from '../../../server/seed/copy-text.ts'
import { rowColumns } from '../../../server/seed/row-columns.ts'
import { plainLine, rowShape } from '../../../server/seed/row-shape.ts'

const { model } = await loadModel('examples/invoicing')
const contact = model.entities.find(({ name }) => name === 'Contact')!
const tenant = '00000000-0000-8000-8000-00000000000a'
const id = '00000000-0000-8000-9000-000000000001'
const row: SeedRow = { id, customer: id, name: 'x', email: 'x@x.example', part: 'buyer' }

/** The line column by column, as rows are written that are looked at. */
function looked(given: SeedRow): string {
  const problems: string[] = []
  const values: Readonly<Record<string, unknown>> = { ...rowColumns(contact, given, problems), tenant_id: tenant }
  expect(problems).toEqual([])
  const cells = Object.keys(values)
    .sort()
    .map((column) => copyText(values[column], false))
  return cells.map((cell) => (cell.ok ? cell.text : cell.fault)).join('\t')
}

function shaped(given: SeedRow): string | null {
  const shape = rowShape(contact, Object.keys(given), tenant)
  return shape === null ? null : plainLine(shape, given, tenant)
}

test.each<[string, SeedRow]>([
  ['plain values', row],
  ['an empty text in the first column', { ...row, createdAt: '' }],
  ['an empty text in the last one', { ...row, updatedAt: '' }],
  ['nothing', { ...row, phone: null }],
  ['what is escaped', { ...row, name: 'a\tb\\N\n\r' }],
  ['truth', { ...row, newsletter: false }],
])('%s make the same line whether they are looked at or not', (_what, given) => {
  expect(shaped(given)).toBe(looked(given))
})

test.each<[string, SeedRow]>([
  ['a word that is none', { ...row, shoe: 1 }],
  ['a row without a key', { name: 'x' }],
  ['a key that is nothing', { ...row, id: null }],
  ['a key that is undefined', { ...row, id: undefined! }],
  ['a value with parts', { ...row, name: { first: 'x' } }],
  ['a moment', { ...row, createdAt: new Date(0) as never }],
  ['no number', { ...row, name: Number.NaN }],
  ['a NUL', { ...row, name: 'a\0' }],
  ['half a character', { ...row, name: '\ud800' }],
])('%s is looked at', (_what, given) => {
  expect(shaped(given)).toBeNull()
})

test('rows of the platform itself are looked at', () => {
  const shared = { ...contact, tenancy: 'shared' as const }
  expect(rowShape(shared, Object.keys(row), tenant)).toBeNull()
  expect(rowShape({ ...contact, tenancy: 'self' as const }, Object.keys(row), tenant)).toBeNull()
})
