import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { run } from '../../cli/run.ts'
import { recordingTerminal } from '../cli/support/recording-terminal.ts'

const read = (path: string) => readFileSync(path, 'utf8')

test('the page of the command line lists every command, and no other', async () => {
  const terminal = recordingTerminal()
  await run(['--help'], terminal)
  const listed = [...terminal.printed.join('\n').matchAll(/^ {2}([a-z]+) \[?[<o]/gm)].map(([, name]) => name!)
  const commands = listed.filter((name) => name !== 'help')
  expect(commands).toContain('dev')
  const page = read('docs/reference/command-line.md')
  const rows = [...page.matchAll(/^\| `([a-z]+) <?/gm)].map(([, name]) => name!)
  expect(rows.toSorted()).toEqual(commands.toSorted())
})

test('the page of the command line lists every command of policy, and no other', async () => {
  const terminal = recordingTerminal()
  await run(['policy', '--help'], terminal)
  const commands = [...terminal.printed.join('\n').matchAll(/^ {2}([a-z]+) [[<]/gm)].map(([, name]) => name!)
  const page = read('docs/reference/command-line.md')
  const part = page.slice(page.indexOf('## `policy`'), page.indexOf('## Exit codes'))
  const rows = [...part.matchAll(/^\| `([a-z]+)` `/gm)].map(([, name]) => name!)
  expect(rows.toSorted()).toEqual(commands.filter((name) => name !== 'help').toSorted())
})

test('the guide to modelling leads to every page below it', () => {
  const guide = read('docs/guide/modelling.md')
  const pages = readdirSync('docs/guide/modelling').map((page) => `modelling/${page}`)
  expect(pages.filter((page) => !guide.includes(`(${page})`))).toEqual([])
})

test('the guide to policies leads to every page below it', () => {
  const guide = read('docs/guide/policies.md')
  const pages = readdirSync('docs/guide/policies').map((page) => `policies/${page}`)
  expect(pages.filter((page) => !guide.includes(`(${page})`))).toEqual([])
})

test('the list of decisions names every one', () => {
  const list = read('docs/decisions/README.md')
  const pages = readdirSync('docs/decisions').filter((page) => /^\d/.test(page))
  expect(pages.filter((page) => !list.includes(`(${page})`))).toEqual([])
})

test('words of the glossary stand in order', () => {
  const words = [...read('docs/glossary.md').matchAll(/^\| ([a-z][^|]*?) \|/gm)].map(([, word]) => word!).slice(1)
  const order = words.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  expect(words).toEqual(order)
})
