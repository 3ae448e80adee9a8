import type { OperatorErrorCode } from '#base'

/** What an exit code of `rowhouse` means. */
export const exitCodes = {
  /** Done, or stopped in an orderly way. */
  ok: 0,
  /** The app or its data is at fault: the model, the seed, a database that is not what the model says. */
  app: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** The environment is at fault: settings, ports, the database server, the data folder. */
  environment: 3,
  /** A mistake of Rowhouse's own. */
  bug: 70,
  /** Stopped in a hurry by a second Ctrl-C, as shells say it. */
  interrupted: 130,
} as const

/** Operator errors that are not about the environment. */
const exceptions: Readonly<Partial<Record<OperatorErrorCode, number>>> = {
  APP_FOLDER_MISSING: exitCodes.usage,
  CONFIG_UNREADABLE: exitCodes.app,
  DATABASE_DRIFTED: exitCodes.app,
  DATABASE_UNMIGRATED: exitCodes.app,
  FUNCTION_EXPOSED: exitCodes.app,
  IMPORT_FOLDER_INVALID: exitCodes.usage,
  IMPORT_SOURCE_UNREADABLE: exitCodes.usage,
  INSPECT_FORMAT_UNKNOWN: exitCodes.usage,
  INSPECT_NAME_UNKNOWN: exitCodes.usage,
  MIGRATIONS_EXIST: exitCodes.app,
  MIGRATION_FAILED: exitCodes.app,
  MIGRATION_TAMPERED: exitCodes.app,
  NEW_FOLDER_OCCUPIED: exitCodes.usage,
  OUTPUT_UNWRITABLE: exitCodes.usage,
  PERSON_UNKNOWN: exitCodes.usage,
  POLICY_UNASKABLE: exitCodes.usage,
  RECREATE_NEEDED: exitCodes.app,
  REPORT_REFRESH_FAILED: exitCodes.app,
  REPORT_REFRESH_UNKNOWN: exitCodes.usage,
  SCRIPT_RUN_UNKNOWN: exitCodes.usage,
  SEED_INVALID: exitCodes.app,
  TABLE_UNPROTECTED: exitCodes.app,
}

/** The exit code of an operator error. */
export function exitCodeOf(code: OperatorErrorCode): number {
  return exceptions[code] ?? exitCodes.environment
}
