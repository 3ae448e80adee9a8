import { readFileSync } from 'node:fs'
import { codeFrame, OperatorError } from '#base'
import type { CommittedMigration } from './graphile-migrate.ts'
import { statementStarts } from './statement-starts.ts'

/** What Postgres says about a statement that it refuses. */
interface DatabaseError extends Error {
  readonly code?: string
  /** From 1, in characters of the text that was sent. */
  readonly position?: string
  readonly detail?: string
  readonly hint?: string
}

/** Where a migration failed, and with which words. */
export interface Failure {
  readonly error: DatabaseError
  /** How the file is called in messages: `migrations/committed/000001-initial.sql`. */
  readonly file: string
  /** Statements that Postgres had finished, when it gives no position. */
  readonly finished: number
  /** Replaces placeholders as graphile-migrate does. */
  readonly compile: (text: string) => string
}

/** The error with a code frame that points into the file as it is written, placeholders and headers included. */
export function migrationFailure(migration: CommittedMigration, failure: Failure): OperatorError {
  const { error, file } = failure
  const source = readFileSync(migration.fullPath, 'utf8')
  const at = place(source, migration, failure)
  const reason = `${error.message}${error.code === undefined ? '' : ` (SQLSTATE ${error.code})`}`
  const lines = [
    `${file}:${at.line}:${at.column}  ${reason}`,
    codeFrame(source, { file, line: at.line, column: at.column, endLine: at.line, endColumn: at.column + 1 }),
    ...(error.detail === undefined ? [] : [`  detail  ${error.detail}`]),
    ...(error.hint === undefined ? [] : [`  hint  ${error.hint}`]),
  ]
  return new OperatorError(
    'MIGRATION_FAILED',
    lines.join('\n'),
    'Nothing of this file was applied. Mend it, or the rows that it trips over, and run again.',
  )
}

interface Place {
  readonly line: number
  readonly column: number
}

function place(source: string, migration: CommittedMigration, failure: Failure): Place {
  const bodyAt = Math.max(0, source.indexOf(migration.body.trimEnd()))
  if (failure.error.position === undefined) {
    const starts = statementStarts(migration.body)
    return lineAndColumn(source, bodyAt + (starts[failure.finished] ?? starts.at(-1) ?? 0))
  }
  // Placeholders change columns, never lines: their values hold no line break.
  const sent = failure.compile(migration.body)
  const found = lineAndColumn(sent, codeUnits(sent, Number(failure.error.position) - 1))
  const first = lineAndColumn(source, bodyAt)
  const line = first.line + found.line - 1
  const text = source.split('\n')[line - 1] ?? ''
  let column = 1
  while (column <= text.length && failure.compile(text.slice(0, column)).length < found.column) column++
  return { line, column }
}

// Postgres counts characters, JavaScript code units.
function codeUnits(text: string, characters: number): number {
  return Array.from(text).slice(0, characters).join('').length
}

function lineAndColumn(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
