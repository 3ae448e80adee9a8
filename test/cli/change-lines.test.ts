import { expect, test } from 'vitest'
import { buildCatalog, type Catalog, diffCatalogs } from '#migrations'
import { changeLines } from '../../cli/dev/update-database.ts'
import { type GivenField, makeModel, one, optional, text } from '../support/model.ts'

const nothing: Catalog = { version: 1, app: '', roles: [], tables: [], functions: [] }
const catalogOf = (fields: Readonly<Record<string, GivenField>>) =>
  buildCatalog(makeModel({ entities: { Note: { fields }, Page: { relations: { note: one('Note') } } } }))
const first = catalogOf({ title: text() })

test('of a new database its tables are told, in one line', () => {
  expect(changeLines(diffCatalogs(nothing, first))).toEqual(['Made the tables note, page.'])
})

test('of one that was there each change is told', () => {
  const changes = diffCatalogs(first, catalogOf({ title: text(), more: optional(text()) }))
  expect(changeLines(changes)).toContain('The model changed: column app.note more: added.')
  expect(changeLines(changes).join()).not.toContain('Made the tables')
})
