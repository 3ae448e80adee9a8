import type { ModelWarningCode, OperatorErrorCode } from '#base'

/** One line of the report: something that was looked at, and how it is. */
export interface Finding {
  readonly status: 'ok' | 'warn' | 'fail'
  /** Decides the exit code: 3 for what is wrong around the app, 1 for the app and its database. */
  readonly area: 'environment' | 'app' | 'database'
  /** One or two words: `node`, `login`. */
  readonly subject: string
  /** One sentence. */
  readonly message: string
  /** What follows from it; null where nothing is wrong. */
  readonly why: string | null
  readonly fix: Fix | null
  /** Names the page; null: that of the command. */
  readonly code: OperatorErrorCode | ModelWarningCode | null
}

/** How to mend something. */
export interface Fix {
  /** Who runs the SQL, and where. */
  readonly as: string
  /** Statements, in order. */
  readonly sql: readonly string[]
  /** What is not SQL: commands of a shell or of psql, and words. */
  readonly commands: readonly string[]
  /** True: everything works without, so the SQL is not run with the rest. */
  readonly isOptional: boolean
}

/** What is wrong, and how to mend it. */
export interface Complaint extends Pick<Finding, 'area' | 'subject' | 'message'> {
  readonly why: string
  readonly code?: OperatorErrorCode | ModelWarningCode
  readonly fix?: Partial<Fix>
}

/** Something that is as it should be. */
export function fine(area: Finding['area'], subject: string, message: string): Finding {
  return { status: 'ok', area, subject, message, why: null, fix: null, code: null }
}

/** Something that works, and could be better. */
export function warning(complaint: Complaint): Finding {
  return { ...wrong(complaint), status: 'warn' }
}

/** Something that must be mended. */
export function failure(complaint: Complaint): Finding {
  return { ...wrong(complaint), status: 'fail' }
}

function wrong({ area, subject, message, why, code, fix }: Complaint): Omit<Finding, 'status'> {
  const whole = fix === undefined ? null : { as: '', sql: [], commands: [], isOptional: false, ...fix }
  return { area, subject, message, why, fix: whole, code: code ?? null }
}

/** Who can do anything. */
export function administrator(database: string | null): string {
  return database === null ? 'as an administrator' : `as an administrator, in database "${database}"`
}
