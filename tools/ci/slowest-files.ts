import { existsSync, readFileSync } from 'node:fs'

/**
 * The test files that took longest, slowest first, as `12 s test/a.test.ts`: where a slow CI is best made faster.
 *
 * @param report path of vitest's JSON report, or null for a suite without one
 */
export function slowestFiles(report: string | null, count: number): readonly string[] {
  if (report === null || !existsSync(report)) return []
  const { testResults }: Report = JSON.parse(readFileSync(report, 'utf8'))
  return testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: Math.round((endTime - startTime) / 1000) }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds} s ${name.replace(`${process.cwd()}/`, '')}`)
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    /** Milliseconds since 1970. */
    readonly startTime: number
    readonly endTime: number
  }[]
}
