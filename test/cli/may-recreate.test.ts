import { expect, test } from 'vitest'
import { OperatorError } from '#base'
import type { Database } from '../../cli/database/database.ts'
import { isRecreatable, mayRecreate } from '../../cli/dev/may-recreate.ts'
import { recordingTerminal } from './support/recording-terminal.ts'

const obstacle = { reasons: ['column app.a b: removed with its values'], cause: null }

function asked(isOurs: boolean, ...answers: readonly boolean[]) {
  const terminal = recordingTerminal(...answers)
  const recreate = isOurs ? async () => {} : null
  const session = { terminal, environment: {}, folder: null, exitCode: 0 }
  const decide = (said = false) =>
    mayRecreate({ database: { recreate } as unknown as Database, session }, obstacle, said)
  return { terminal, decide }
}

test('a yes on the terminal is enough; the reasons are shown before', async () => {
  const { terminal, decide } = asked(true, true)
  await decide()
  expect(terminal.said.join()).toContain('column app.a b')
  expect(terminal.asked).toHaveLength(1)
})

test('a no refuses', async () => {
  await expect(asked(true, false).decide()).rejects.toMatchObject({ code: 'RECREATE_NEEDED' })
})

test('said beforehand, nobody is asked', async () => {
  const { terminal, decide } = asked(true, false)
  await decide(true)
  expect(terminal.asked).toEqual([])
})

test('without a terminal it is refused with what to do', async () => {
  await expect(asked(true).decide()).rejects.toMatchObject({
    code: 'RECREATE_NEEDED',
    hint: expect.stringContaining('--recreate'),
  })
})

test('a database of the operator is never made anew, whatever is said', async () => {
  await expect(asked(false, true).decide(true)).rejects.toMatchObject({ code: 'RECREATE_NEEDED' })
})

test('errors that go away with the database are told from others', () => {
  expect(isRecreatable(new OperatorError('MIGRATION_TAMPERED', '', ''))).toBe(true)
  expect(isRecreatable(new OperatorError('DATABASE_UNREACHABLE', '', ''))).toBe(false)
  expect(isRecreatable(new Error('x'))).toBe(false)
})
