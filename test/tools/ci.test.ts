import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countResults } from '../../tools/ci/count-results.ts'
import { failuresOf } from '../../tools/ci/failures.ts'
import { slowestFiles } from '../../tools/ci/slowest-files.ts'

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

describe('failuresOf', () => {
  test('tells the test, its file and its message, also of a file that could not be loaded', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'rowhouse-report-')), 'report.json')
    const passed = { fullName: 'adds', status: 'passed', failureMessages: [] }
    const failed = { fullName: 'subtracts', status: 'failed', failureMessages: ['expected 1\nto be 2'] }
    const testResults = [
      { name: 'test/a.test.ts', message: '', assertionResults: [passed, failed] },
      { name: 'test/b.test.ts', message: 'no such module', assertionResults: [] },
    ]
    writeFileSync(path, JSON.stringify({ testResults }))
    expect(failuresOf('test', path)).toEqual([
      'test/a.test.ts subtracts\n  expected 1\n  to be 2',
      'test/b.test.ts\n  no such module',
    ])
  })

  test('a suite that names no failure is told by its name', () => {
    expect(failuresOf('check', null)).toEqual(['check: ended red; its own output above says why'])
    expect(failuresOf('test', '/nonexistent/report.json')).toEqual(['test: ended red; its own output above says why'])
  })
})

test('slowestFiles tells where the time went, and nothing of a suite without a report', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'rowhouse-report-')), 'report.json')
  const testResults = [
    { name: 'test/a.test.ts', startTime: 1_000, endTime: 3_100 },
    { name: `${process.cwd()}/test/b.test.ts`, startTime: 1_000, endTime: 9_000 },
    { name: 'test/c.test.ts', startTime: 1_000, endTime: 1_200 },
  ]
  writeFileSync(path, JSON.stringify({ testResults }))
  expect(slowestFiles(path, 2)).toEqual(['8 s test/b.test.ts', '2 s test/a.test.ts'])
  expect(slowestFiles(null, 2)).toEqual([])
})
