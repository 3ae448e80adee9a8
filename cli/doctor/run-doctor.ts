import { docsFolder } from '../package-root.ts'
import type { Session } from '../session.ts'
import { examineDatabase } from './examine-database.ts'
import { examineEnvironment } from './examine-environment.ts'
import type { Finding } from './finding.ts'
import { readSurroundings } from './read-surroundings.ts'
import { exitCodeOfFindings, jsonReport, sqlReport, textReport } from './report.ts'

/** How to print. */
export interface DoctorOptions {
  readonly json?: boolean
  readonly sql?: boolean
}

/** `rowhouse doctor [folder]`: looks at everything, changes nothing. */
export async function runDoctor(folder: string | undefined, options: DoctorOptions, session: Session): Promise<void> {
  const findings = await examine(folder, session)
  session.terminal.print(report(findings, options))
  session.exitCode = exitCodeOfFindings(findings)
}

/** Everything that was looked at, in the order of the report. @throws OperatorError APP_FOLDER_MISSING when the folder that was named is none */
export async function examine(folder: string | undefined, session: Session): Promise<readonly Finding[]> {
  const { surroundings, findings: settings } = await readSurroundings(folder, session)
  const environment = await examineEnvironment(surroundings)
  const database = await examineDatabase(surroundings)
  const all = [...environment.slice(0, 1), ...settings, ...environment.slice(1), ...database]
  // A folder that cannot be entered hides what is in it, too.
  return [...new Map(all.map((one) => [`${one.code} ${one.message}`, one])).values()]
}

function report(findings: readonly Finding[], { json, sql }: DoctorOptions): string {
  if (json) return jsonReport(findings)
  return sql ? sqlReport(findings) : textReport(findings, docsFolder())
}
