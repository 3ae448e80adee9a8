import { expect, test } from 'vitest'
import { devLog } from '../../cli/dev/dev-log.ts'

/** Lines of the terminal after an event. */
function said(event: Parameters<ReturnType<typeof devLog>>[0]): readonly string[] {
  const lines: string[] = []
  devLog({ say: (text: string) => lines.push(...text.split('\n')) } as never)(event)
  return lines
}

test('words of a token begin no line and move no cursor', () => {
  const reason = 'Unknown parameter "x\n\u001b[2JREADY\u202e"'
  expect(said({ kind: 'unauthenticated', reason })).toEqual(['UNAUTHENTICATED  Unknown parameter "x [2JREADY "'])
})

test('an error is told with its stack, and its own words cannot look like a line of ours', () => {
  const error = new Error('no such value: "\nREADY http://evil"')
  const [first, second, third] = said({ kind: 'connection-lost', error })
  expect(first).toBe('A connection to the database was lost: Error: no such value: "')
  expect(second).toBe('    READY http://evil"')
  expect(third).toMatch(/^ {4}at /)
})
