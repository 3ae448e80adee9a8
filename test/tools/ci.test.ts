import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countResults } from '../../tools/ci/count-results.ts'

function report(
  counts: Partial<Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests', number>>,
): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rowhouse-report-')), 'report.json')
  writeFileSync(
    path,
    JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, ...counts }),
  )
  return path
}

describe('countResults', () => {
  test('adds up a report', () => {
    expect(countResults(0, report({ numPassedTests: 7 }))).toEqual({ passed: 7, failed: 0 })
    expect(countResults(1, report({ numPassedTests: 7, numFailedTests: 2 }))).toEqual({ passed: 7, failed: 2 })
  })

  test('a skipped test is a failure', () => {
    expect(countResults(0, report({ numPassedTests: 7, numPendingTests: 1, numTodoTests: 1 }))).toEqual({
      passed: 7,
      failed: 2,
    })
  })

  test('a red runner without a failed test, an empty run and a missing report are failures', () => {
    expect(countResults(1, report({ numPassedTests: 7 }))).toEqual({ passed: 7, failed: 1 })
    expect(countResults(0, report({}))).toEqual({ passed: 0, failed: 1 })
    expect(countResults(0, '/nonexistent/report.json')).toEqual({ passed: 0, failed: 1 })
  })

  test('without a report the exit code counts', () => {
    expect(countResults(0, null)).toEqual({ passed: 1, failed: 0 })
    expect(countResults(null, null)).toEqual({ passed: 0, failed: 1 })
  })
})
