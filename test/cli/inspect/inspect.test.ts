import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../../cli/run.ts'
import { recordingTerminal } from '../support/recording-terminal.ts'
import { root, runRowhouse } from '../support/run-rowhouse.ts'

const folder = join(root, 'examples/invoicing')

async function inspect(...words: readonly string[]) {
  const terminal = recordingTerminal()
  const code = await run(['inspect', folder, ...words], terminal)
  return { code, out: terminal.printed.join('\n'), said: terminal.said.join('\n') }
}

describe('what it shows', () => {
  test.each([
    [[], /^invoicing: 12 entities, 4 roles, \d+ rules\n[\s\S]*OrderLine +order_line[\s\S]*postgres +12 tables/],
    [['policies', 'User'], /^User\n {2}read +[\s\S]*→ policy user\.r_\w+ \(select\)/],
    [
      ['sql', 'Order'],
      /-- asked for by schema\/order\.entity\.ts:17:5\n {2}"customer_id" uuid not null[\s\S]*reset role;$/,
    ],
    [['graphql', 'Order'], /^type Query \{[\s\S]*type Mutation[\s\S]*input OrderFilter[\s\S]*# Also used: /],
    [['graphql', 'PageInfo'], /^(?:""".*"""\n)?type PageInfo/],
    [['er', 'Membership'], /^erDiagram\n[\s\S]*"User" \|\|\.\.o\{ "Membership" : "user"/],
    [['states', 'Invoice'], /^stateDiagram-v2\n/],
    [['er', '--format', 'svg'], /^<svg role="img" aria-label="Entities of invoicing"/],
    [
      ['why', 'order.status', 'app.order'],
      /^column order\.status\n {2}"status" holds the state of each Order[\s\S]*\ntable order\n/,
    ],
    [['why', 'invoicing_sales'], /^role invoicing_sales\n[\s\S]*asked for by policies\/roles\.ts:\d+:\d+$/],
  ])('%j', async (words, pattern) => {
    const { code, out, said } = await inspect(...words)
    expect({ code, said }).toEqual({ code: 0, said: '' })
    expect(out).toMatch(pattern)
  })

  test.each([
    ['model'],
    ['model', 'Order'],
    ['summary', '--format', 'json'],
    ['sql', 'Order', '--format', 'json'],
    ['policies', '--format', 'json'],
    ['why', 'guard_order', '--format', 'json'],
  ])('%j is JSON', async (...words) => {
    expect(() => JSON.parse('x')).toThrow()
    const { out } = await inspect(...words)
    expect(JSON.parse(out)).toBeTruthy()
  })

  test("the SQL of a table has its functions and nobody else's", async () => {
    const { out } = await inspect('sql', 'Order')
    const made = [...out.matchAll(/^create or replace function "rowhouse_private"."(\w+)"/gm)].map(([, name]) => name)
    expect(made).toEqual(
      expect.arrayContaining(['guard_order', 'link_order', 'may_read_order', 'remove_order', 'restore_order']),
    )
    expect(made.filter((name) => /line|invoice/.test(name!))).toEqual([])
    expect(out).not.toContain('create table "app"."order_line"')
  })
})

describe('a file', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'rowhouse-inspect-'))

  test.each([
    ['er.svg', 'er', /^<svg /],
    ['er.mmd', 'er', /^erDiagram/],
    ['er.dot', 'er', /^digraph/],
    ['model.json', 'model', /^\{/],
  ])('%s has the form of its ending', async (name, what, pattern) => {
    const path = join(scratch, name)
    const { code, out, said } = await inspect(what, '--out', path)
    expect({ code, out, said }).toEqual({ code: 0, out: '', said: `Wrote ${path}.` })
    expect(readFileSync(path, 'utf8')).toMatch(pattern)
  })

  test('that cannot be written is OUTPUT_UNWRITABLE', async () => {
    const { code, said } = await inspect('er', '--out', join(scratch, 'no', 'er.svg'))
    expect(code).toBe(2)
    expect(said).toMatch(/^OUTPUT_UNWRITABLE/)
  })
})

describe('a wrong call', () => {
  test.each([
    [['sql', 'Ordr'], /^INSPECT_NAME_UNKNOWN {2}There is no entity "Ordr"\. Did you mean "Order"\?/],
    [['polices'], /^INSPECT_NAME_UNKNOWN {2}"polices" is nothing that can be shown\. Did you mean "policies"\?/],
    [['constructor'], /^INSPECT_NAME_UNKNOWN/],
    [['graphql', 'OrderFiltr'], /Did you mean "OrderFilter"\?/],
    [['why', 'order_customer_fkye'], /Did you mean "order_customer_fkey"\?/],
    [['why'], /^INSPECT_NAME_UNKNOWN/],
    [['states'], /^INSPECT_NAME_UNKNOWN {2}States are shown of one entity\.\n {2}hint {2}Name one of Invoice, Order\./],
    [['states', 'User'], /"User" has no states\./],
    [
      ['policies', '--format', 'svg'],
      /^INSPECT_FORMAT_UNKNOWN {2}"policies" cannot be shown as svg\.\n {2}hint {2}It comes as text, json\./,
    ],
    [['er', '--out', 'er.sql'], /^INSPECT_FORMAT_UNKNOWN/],
  ])('%j is told what was meant', async (words, pattern) => {
    const { code, out, said } = await inspect(...words)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(said).toMatch(pattern)
  })
})

test('standard output holds what was asked for and nothing else', async () => {
  const ended = await runRowhouse(['inspect', 'examples/invoicing', 'graphql', 'Order'])
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout.startsWith('type Query')).toBe(true)
})

test('a reader that has enough is no error', async () => {
  const child = spawn(process.execPath, [`${root}/bin/rowhouse.mjs`, 'inspect', 'examples/invoicing', 'sql'], {
    cwd: root,
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.once('data', () => child.stdout.destroy())
  const code = await new Promise((resolve) => child.on('exit', resolve))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})
