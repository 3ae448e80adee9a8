import type { Finding } from '../../../cli/doctor/finding.ts'
import { exitCodeOfFindings, sqlReport, textReport } from '../../../cli/doctor/report.ts'
import { examine } from '../../../cli/doctor/run-doctor.ts'
import type { Session } from '../../../cli/session.ts'
import { recordingTerminal } from '../../cli/support/recording-terminal.ts'

/** What doctor says. */
export interface Diagnosis {
  readonly exitCode: number
  readonly findings: readonly Finding[]
  /** `FAIL LOGIN_TOO_POWERFUL` and the like, without what is fine. */
  readonly complaints: readonly string[]
  readonly text: string
  readonly sql: string
}

/** Asks once; the three forms show the same. */
export async function askDoctor(
  folder: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<Diagnosis> {
  const terminal = recordingTerminal()
  const session: Session = { terminal, environment: { PORT: '0', ...environment }, folder: null, exitCode: 0 }
  const findings = await examine(folder, session)
  const wrong = findings.filter(({ status }) => status !== 'ok')
  return {
    exitCode: exitCodeOfFindings(findings),
    findings,
    complaints: wrong.map(({ status, code, subject }) => `${status} ${code ?? subject}`),
    text: textReport(findings, 'docs'),
    sql: sqlReport(findings),
  }
}
