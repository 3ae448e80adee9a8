import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runHere } from '../support/run-here.ts'
import { root } from '../support/run-rowhouse.ts'

const matrix = (...words: readonly string[]) => runHere(['policy', 'matrix', ...words])
const golden = readFileSync(join(root, 'test/golden/policy/matrix.txt'), 'utf8')

describe('rowhouse policy matrix', () => {
  test('is a table for each entity', async () => {
    expect(await matrix('examples/invoicing')).toMatchObject({ code: 0, stderr: '', stdout: golden })
  })

  test('gives programs a document', async () => {
    const { entities, callers } = JSON.parse((await matrix('Order', 'examples/invoicing', '--json')).stdout)
    expect(callers.map(({ name }: { name: string }) => name)).toEqual([
      'visitor',
      'signed in',
      'admin',
      'sales',
      'lead',
      'accountant',
    ])
    const remove = entities[0].verbs.find(({ verb }: { verb: string }) => verb === 'delete')
    expect(remove.cells[2]).toMatchObject({
      caller: 'admin',
      answer: 'when',
      allowing: [{ title: 'admins do anything' }],
      denying: [{ title: 'only drafts are deleted for good' }],
      fields: null,
    })
  })

  test('gives browsers a page of its own', async () => {
    const { stdout } = await matrix('Order', 'examples/invoicing', '--html', '--as', 'sales,accountant')
    expect(stdout).toMatch(/^<!doctype html>/)
    expect(stdout).toContain('<th scope="col">sales + accountant</th>')
    expect(stdout).toContain(
      'Lead may read an order if its customer&#39;s region is actor.region.'.replace('&#39;', "'"),
    )
    expect(stdout).not.toMatch(/src=|href="[^#]|url\(/)
  })

  test.each([
    [['Ordr', 'examples/invoicing'], 'Did you mean "Order"?'],
    [['examples/invoicing', '--as', 'sales,admn'], 'Did you mean "admin"?'],
    [['examples/invoicing', '--json', '--html'], "cannot be used with option '--html'"],
  ])('%j', async (words, said) => {
    const ended = await matrix(...words)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(said)
  })
})
