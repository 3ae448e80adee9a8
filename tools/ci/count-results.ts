import { existsSync, readFileSync } from 'node:fs'

/** What a suite came to. */
export interface Results {
  readonly passed: number
  readonly failed: number
}

/**
 * Counts a suite. A runner that died, wrote no report, or ended red without naming a failure counts as one failure;
 * a skipped test counts as a failure, because a test that needs something absent must fail loudly.
 *
 * @param report path of vitest's JSON report, or null when the exit code is the only result
 */
export function countResults(exitCode: number | null, report: string | null): Results {
  if (report === null) return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const counts: Report = JSON.parse(readFileSync(report, 'utf8'))
  const skipped = counts.numPendingTests + counts.numTodoTests
  const failed = counts.numFailedTests + skipped
  const silent = failed === 0 && (exitCode !== 0 || counts.numPassedTests === 0)
  return { passed: counts.numPassedTests, failed: failed + (silent ? 1 : 0) }
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}
