import { expect, test } from 'vitest'
import { run } from '../../cli/run.ts'
import { recordingTerminal } from './support/recording-terminal.ts'

const commands = [
  'dev',
  'start',
  'check',
  'doctor',
  'migrate',
  'token',
  'seed',
  'new',
  'export',
  'import',
  'inspect',
  'policy',
  'documents',
  'scripts',
]

test.each(commands)('%s --help explains itself with examples on standard output', async (command) => {
  const terminal = recordingTerminal()
  expect(await run([command, '--help'], terminal)).toBe(0)
  expect(terminal.said).toEqual([])
  expect(terminal.printed.join('\n')).toContain(`Usage: rowhouse ${command}`)
  expect(terminal.printed.join('\n')).toContain(`$ rowhouse ${command}`)
})

test('--help lists the commands and the exit codes', async () => {
  const terminal = recordingTerminal()
  expect(await run(['--help'], terminal)).toBe(0)
  const text = terminal.printed.join('\n')
  for (const command of commands) expect(text).toMatch(new RegExp(`^  ${command} `, 'm'))
  expect(text).toContain('Exit codes:')
})

test.each([
  [[]],
  [['chek']],
  [['check']],
  [['check', 'a', 'b']],
  [['dev', '--bogus', 'x']],
  [['seed', 'x', '--scale', '0']],
  [['seed', 'x', '--scale', '10001']],
  [['seed', 'x', '--scale', '1.5']],
  [['seed', 'x', '--scale', '-1']],
  [['seed', 'x', '--scale', 'many']],
])('a wrong call %j exits with 2 and prints nothing on standard output', async (args) => {
  const terminal = recordingTerminal()
  expect(await run(args, terminal)).toBe(2)
  expect(terminal.printed).toEqual([])
  expect(terminal.said.join('\n')).not.toBe('')
})

test('a misspelt command is answered with the one that was meant', async () => {
  const terminal = recordingTerminal()
  await run(['tokne'], terminal)
  expect(terminal.said.join('\n')).toContain('Did you mean token?')
})
