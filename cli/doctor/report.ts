import { exitCodes } from '../exit-codes.ts'
import type { Finding } from './finding.ts'

/** 0 when nothing is wrong, 3 when something around the app is, else 1. Warnings are not wrong. */
export function exitCodeOfFindings(findings: readonly Finding[]): number {
  const failed = findings.filter(({ status }) => status === 'fail')
  if (failed.length === 0) return exitCodes.ok
  return failed.some(({ area }) => area === 'environment') ? exitCodes.environment : exitCodes.app
}

/** For people: a line for everything, then each problem with how to mend it. */
export function textReport(findings: readonly Finding[], docs: string): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length))
  const lines = findings.map(
    ({ status, subject, message }) => `${words[status]}  ${subject.padEnd(width)}  ${oneLine(message)}`,
  )
  const problems = findings.filter(({ status }) => status !== 'ok').map((finding) => problemText(finding, docs))
  return [lines.join('\n'), ...problems, summary(findings)].join('\n\n')
}

const words = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const

function problemText(finding: Finding, docs: string): string {
  const { status, subject, message, why, fix } = finding
  const mend =
    fix === null
      ? []
      : [
          ...(fix.sql.length === 0
            ? []
            : [
                `  mend  ${fix.isOptional ? 'if you like, ' : ''}${oneLine(fix.as)}:`,
                ...fix.sql.map((text) => `        ${text.split('\n').map(oneLine).join('\n        ')}`),
              ]),
          ...fix.commands.map(
            (text, index) => `${index === 0 && fix.sql.length === 0 ? '  mend  ' : '        '}${oneLine(text)}`,
          ),
        ]
  return [
    `${words[status]}  ${subject}: ${oneLine(message)}`,
    ...(why === null || why === '' ? [] : [`  why   ${oneLine(why)}`]),
    ...mend,
    `  more  ${pageOf(finding, docs)}`,
  ].join('\n')
}

function pageOf({ code }: Finding, docs: string): string {
  return code === null ? `${docs}/reference/doctor.md` : `${docs}/errors/${code}.md`
}

function summary(findings: readonly Finding[]): string {
  const count = (status: Finding['status'], one: string) => {
    const { length } = findings.filter((finding) => finding.status === status)
    return length === 0 ? [] : [`${length} ${one}${length === 1 ? '' : 's'}`]
  }
  const parts = [...count('fail', 'problem'), ...count('warn', 'warning')]
  if (parts.length === 0) return 'All fine.'
  return findings.some(({ status }) => status === 'fail') ? `${parts.join(', ')}.` : `All fine, ${parts.join(', ')}.`
}

/** For programs. */
export function jsonReport(findings: readonly Finding[]): string {
  const exitCode = exitCodeOfFindings(findings)
  const list = findings.map((finding) => ({
    ...finding,
    page: finding.status === 'ok' ? null : pageOf(finding, 'docs'),
  }))
  return JSON.stringify({ version: 1, healthy: exitCode === exitCodes.ok, exitCode, findings: list }, null, 2)
}

/** The statements of all fixes in order, each once; what is optional is written as a comment. */
export function sqlReport(findings: readonly Finding[]): string {
  const said = new Set<string>()
  const parts = findings.flatMap(({ status, fix, code, subject, message }) => {
    const sql = status === 'ok' || fix === null ? [] : fix.sql.filter((text) => !said.has(text))
    for (const text of sql) said.add(text)
    if (sql.length === 0 || fix === null) return []
    const head = `-- ${oneLine(`${code ?? subject}: ${message} Run ${fix.isOptional ? 'if you like, ' : ''}${fix.as}.`)}`
    return [[head, ...sql.map((text) => (fix.isOptional ? `-- ${oneLine(text)}` : text))].join('\n')]
  })
  return parts.length === 0 ? '-- Nothing to mend with SQL.' : parts.join('\n\n')
}

/** Names come from databases: none of them may begin a line, where SQL would be read, or colour a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
}
