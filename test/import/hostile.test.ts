import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { quoteIdentifier, quoteLiteral } from '#base'
import { importDatabase } from '#migrations'
import { loadModel, modelJson, printApp } from '#policies'
import { importLines, printImportReport } from '../../cli/import/import-report.ts'
import { useDatabase } from '../support/database.ts'

mkdirSync('.tmp', { recursive: true })
const scratch = mkdtempSync(join('.tmp', 'hostile-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Each would run, end a comment or a text, or change the prototype, if it were written as it is. */
const words = [
  "'); globalThis.hacked = true; ('",
  '"); globalThis.hacked = true; ("',
  '`); globalThis.hacked = true; (`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that would be one.
  '${globalThis.hacked = true}',
  '*/ globalThis.hacked = true; /*',
  'a\nglobalThis.hacked = true\n//',
  'a\r\nglobalThis.hacked = true',
  'a\u2028globalThis.hacked = true\u2029//',
  '\\',
  "\\'",
  '\\u0027); globalThis.hacked = true; (',
  '__proto__',
  'constructor',
  '</script><script>globalThis.hacked = true</script>',
  '<!-- hidden -->',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202eevil',
  '[a](javascript:alert(1))',
  '``` `x` ```',
]
const db = useDatabase({ prepared: false })

test('whatever a database calls things, its files run nothing and say it letter by letter', async () => {
  const query = (text: string) => db().migrator.query(text)
  const tables = words.map((word, at) => ({ word, table: `t${at}` }))
  for (const { word, table } of tables) {
    const text = quoteLiteral(word)
    // Postgres keeps no more than 63 bytes of a name.
    const name = quoteIdentifier(word.slice(0, 40))
    await query(`create table ${table} (
      id integer primary key, noted text not null default ${text} check (noted in (${text}, 'b', 'c')), ${name} text,
      constraint ${quoteIdentifier(`k ${word}`.slice(0, 40))} check (id + 1 > 0)
    )`)
    await query(`comment on table ${table} is ${text}`)
    await query(`comment on column ${table}.noted is ${text}`)
    await query(`create table ${quoteIdentifier(`x${word}`.slice(0, 40))} (id integer primary key)`)
    await query(`create index ${quoteIdentifier(`i${word}`.slice(0, 40))} on ${table} (noted)`)
  }
  const { model, findings } = await importDatabase(db().migrator, { app: 'shop', schemas: [], tenantColumn: null })
  for (const [path, text] of Object.entries(printApp(model))) {
    expect(path).toMatch(/^(?:schema|policies)\/[a-z0-9-]+(?:\.entity|\.policy)?\.ts$/)
    mkdirSync(dirname(join(scratch, path)), { recursive: true })
    writeFileSync(join(scratch, path), text)
  }
  const loaded = await loadModel(scratch, { app: 'shop' })
  expect('hacked' in globalThis).toBe(false)
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(modelJson(loaded.model)).toBe(modelJson(model))
  const told = loaded.model.entities.filter(({ table }) => /^t\d+$/.test(table))
  expect(told).toHaveLength(words.length)
  for (const { word, table } of tables) {
    const entity = told.find((each) => each.table === table)!
    const noted = entity.fields.find(({ column }) => column === 'noted')!
    expect([entity.note, noted.note]).toEqual([word, word])
    const isSaid = noted.type.kind === 'choice'
    // What GraphQL cannot tell apart stays a text, and its check is listed.
    if (isSaid) expect(noted.type).toMatchObject({ values: [{ value: word }, { value: 'b' }, { value: 'c' }] })
    else
      expect(
        findings.some(({ code, object }) => code === 'CHECK' && object === `public.${table}.${table}_noted_check`),
      ).toBe(true)
    if (noted.default !== null) expect(noted.default).toEqual({ kind: 'value', value: word })
    else
      expect(findings.some(({ code, object }) => code === 'DEFAULT' && object === `public.${table}.noted`)).toBe(true)
  }
  const report = printImportReport({ model, findings, from: 'host:5432/shop', folder: 'shop' })
  // No escape of a terminal, no text turned around, no line that a name began.
  for (const text of [report, importLines(findings)])
    expect(text).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2028\u2029]|^globalThis/mu)
  // In Markdown every name is code, and what we say of it is escaped.
  for (const line of report.split('\n').filter((each) => each.startsWith('- ')))
    expect(line.replaceAll(/(`+) ?.*? ?\1(?!`)|\\./g, '')).not.toMatch(/[<[\]]/)
})
