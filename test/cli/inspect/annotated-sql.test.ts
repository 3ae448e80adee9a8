import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { annotatedSql, buildCatalog, objectsOf, renderCatalog } from '#migrations'
import { loadModel } from '#policies'
import { root } from '../support/run-rowhouse.ts'

const fixtures = readdirSync(join(root, 'test/fixtures/apps')).map((name) => `test/fixtures/apps/${name}`)

test.each(['examples/invoicing', ...fixtures])('the SQL of %s with reasons is its SQL', async (folder) => {
  const catalog = buildCatalog((await loadModel(join(root, folder))).model)
  let said = 0
  const text = annotatedSql(catalog, (object) => {
    said += 1
    return [`${object.kind}\n--! include :OWNER`]
  })
  expect(withoutComments(text)).toBe(withoutComments(renderCatalog(catalog)))
  expect(text).not.toMatch(/^--!/m)
  expect(text.match(/^ *-- \w+ --! include : OWNER$/gm)).toHaveLength(said)
  // Everything but roles has its reason in front, save what an adopted table had before, and columns that a face has of its table.
  const adopted = catalog.tables.some((table) => table.adopted !== undefined)
  const objects = objectsOf(catalog).filter((object) => {
    return object.kind !== 'role' && !(object.kind === 'column' && object.table.face !== undefined)
  }).length
  if (adopted) expect(said).toBeLessThan(objects)
  else expect(said).toBe(objects)
})

function withoutComments(text: string): string {
  return text
    .replaceAll(/^\s*--.*\n/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .replaceAll(/(^set local role .*\n)(?=[\s\S]*?)/gm, '')
}
