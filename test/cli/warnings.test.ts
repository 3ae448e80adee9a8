import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadModel } from '#policies'
import { run } from '../../cli/run.ts'
import { logWarnings } from '../../cli/serve/json-log.ts'
import { recordingTerminal } from './support/recording-terminal.ts'

mkdirSync('.tmp', { recursive: true })
const scratch = mkdtempSync(join('.tmp', 'warnings-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const frame = `warning ENTITY_ID_NARROW  schema/contact.entity.ts:4:7
    3 | export const Contact = entity('Contact', {
  > 4 |   id: 'int32',
      |       ^^^^^^^ All tenants of "Contact" share 2,147,483,647 ids, and refused creates use them up too.
    5 |   note: 'Somebody to talk to at a customer.',
  hint  Say \`id: 'int64'\`, or leave \`id\` out for uuids, which tell nothing.
  more  docs/errors/ENTITY_ID_NARROW.md
`

test('check tells warnings as it tells mistakes, and ends well', async () => {
  const terminal = recordingTerminal()
  expect(await run(['check', narrowIds('check')], terminal)).toBe(0)
  expect(terminal.said.at(-1)).toBe(frame)
  expect(terminal.printed).toEqual([expect.stringMatching(/ is in order: .* rules\. 1 warning\.$/)])
})

test('check --strict fails on them, and says why', async () => {
  const terminal = recordingTerminal()
  expect(await run(['check', '--strict', narrowIds('strict')], terminal)).toBe(1)
  expect(terminal.said.slice(-2)).toEqual([frame, '1 warning, and --strict allows none.'])
  expect(terminal.printed).toEqual([])
})

test('the example and a new app have none', async () => {
  expect(await run(['check', '--strict', 'examples/invoicing'], recordingTerminal())).toBe(0)
  expect(await run(['check', '--strict', 'cli/new/template'], recordingTerminal())).toBe(0)
})

test('a broken app is told its mistakes alone', async () => {
  const folder = narrowIds('broken')
  edit(folder, "one('Customer'", "one('Custmer'")
  const terminal = recordingTerminal()
  expect(await run(['check', folder], terminal)).toBe(1)
  expect(terminal.said.join('\n')).not.toContain('warning')
})

test('a broken app gets its types all the same, so that editors know the entities it has', async () => {
  const folder = narrowIds('types')
  edit(folder, "one('Customer'", "one('Custmer'")
  rmSync(join(folder, '.rowhouse'), { recursive: true, force: true })
  expect(await run(['check', folder], recordingTerminal())).toBe(1)
  expect(readFileSync(join(folder, '.rowhouse/types.d.ts'), 'utf8')).toContain('Contact')
})

test('start writes a line of its log for each', async () => {
  const { warnings } = await loadModel(narrowIds('start'))
  const terminal = recordingTerminal()
  logWarnings(warnings, terminal)
  expect(terminal.printed.map((line) => JSON.parse(line))).toEqual([
    {
      at: expect.any(String),
      event: 'warning',
      code: 'ENTITY_ID_NARROW',
      message: expect.stringContaining('All tenants of "Contact"'),
      place: 'schema/contact.entity.ts:4:7',
    },
  ])
})

test('doctor lists them beside its own, and stays healthy', async () => {
  const terminal = recordingTerminal()
  await run(['doctor', '--json', narrowIds('doctor')], terminal)
  const { findings } = JSON.parse(terminal.printed.join('\n')) as { findings: readonly Record<string, unknown>[] }
  expect(findings.filter(({ code }) => code === 'ENTITY_ID_NARROW')).toEqual([
    expect.objectContaining({
      status: 'warn',
      area: 'app',
      message: expect.stringMatching(/^schema\/contact\.entity\.ts:4:7: All tenants/),
      page: 'docs/errors/ENTITY_ID_NARROW.md',
    }),
  ])
})

function narrowIds(name: string): string {
  const folder = join(scratch, name)
  cpSync('examples/invoicing', folder, { recursive: true })
  edit(folder, "entity('Contact', {\n", "entity('Contact', {\n  id: 'int32',\n")
  return folder
}

function edit(folder: string, before: string, after: string): void {
  const path = join(folder, 'schema/contact.entity.ts')
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(before)
  writeFileSync(path, text.replace(before, after))
}
