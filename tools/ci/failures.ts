import { existsSync, readFileSync } from 'node:fs'

/**
 * What failed, a paragraph each: the test, its file, and the first lines of its message. Printed again at the end, because a long
 * log is often kept by its last lines only.
 *
 * @param report path of vitest's JSON report, or null for a suite without one
 */
export function failuresOf(suite: string, report: string | null): readonly string[] {
  const tests = report !== null && existsSync(report) ? failedTests(report) : []
  return tests.length > 0 ? tests : [`${suite}: ended red; its own output above says why`]
}

function failedTests(report: string): readonly string[] {
  const { testResults }: Report = JSON.parse(readFileSync(report, 'utf8'))
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status !== 'passed')
    if (tests.length === 0) return message === '' || message === undefined ? [] : [paragraph(name, '', message)]
    return tests.map((each) => paragraph(name, each.fullName, each.failureMessages.join('\n') || each.status))
  })
}

function paragraph(file: string, test: string, message: string): string {
  const lines = message.split('\n').slice(0, 25)
  return [`${file.replace(`${process.cwd()}/`, '')} ${test}`.trim(), ...lines.map((line) => `  ${line}`)].join('\n')
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}
