import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, type Json, ModelError, OperatorError } from '#base'
import type { LoadedModel } from '#policies'
import {
  type CompiledScript,
  compileScript,
  openScriptPool,
  type RunRecord,
  replayRun,
  type ScriptOutcome,
} from '#scripts'
import { loadApp } from '../app/load-app.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainJson, shownText } from '../output/shown-text.ts'
import type { Session } from '../session.ts'
import { type FoundRun, findRun } from './find-run.ts'

/** What the command line says. */
export interface WhatToReplay {
  readonly folder: string
  /** Id, or file. */
  readonly run: string
  /** File of another source. */
  readonly source: string | null
}

/**
 * `rowhouse scripts replay <folder> <run>`: prints what comes of it; exit code 1 and where it differs, when that is something else than then.
 *
 * @throws OperatorError SCRIPT_RUN_UNKNOWN
 * @throws ModelError of a source that is no script
 */
export async function runReplay({ folder, run, source }: WhatToReplay, session: Session): Promise<void> {
  const app = await loadApp(folder, session)
  const found = await findRun(app, run, session)
  const script = scriptOf(app, found, source)
  const pool = openScriptPool({ threads: 1, waitMs: 60_000 })
  try {
    const outcome = await replayRun(pool, script, found.record)
    session.terminal.print(plainJson(JSON.stringify(endOf(outcome), null, 2)))
    tell(found.record, outcome, session)
  } finally {
    await pool.close()
  }
}

function tell({ end }: RunRecord, outcome: ScriptOutcome, session: Session): void {
  const places = differences(end as unknown as Json, endOf(outcome))
  if (places.length === 0) {
    session.terminal.say('As it was recorded.')
    return
  }
  session.terminal.say(
    ['It was recorded to end otherwise:', ...places.slice(0, mostTold).map((each) => shownText(each, 1_000))].join(
      '\n',
    ),
  )
  session.exitCode = exitCodes.app
}

const mostTold = 20

function scriptOf(app: LoadedModel, { record, source }: FoundRun, other: string | null): CompiledScript {
  const name = record.script
  const file = other ?? join(app.folder, `${name}.ts`)
  if (other !== null) return compiled(name, read(file))
  if (source !== null) return compiled(name, source)
  const own = existsSync(file) ? compiled(name, read(file)) : null
  if (own?.checksum === record.checksum) return own
  throw new OperatorError(
    'SCRIPT_RUN_UNKNOWN',
    `The source of "${name}" that ran then is not the one in the folder of the app.`,
    'Name the run by its id, so that what the tenant published is found, or a source with --source.',
  )
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new OperatorError('SCRIPT_RUN_UNKNOWN', `"${file}" cannot be read.`, 'Name a file with --source.', { cause })
  }
}

function compiled(name: string, source: string): CompiledScript {
  const { script, problems } = compileScript(name, source)
  if (script === null) throw new ModelError(problems)
  return script
}

/** How a run ended, without what it used. */
function endOf(outcome: ScriptOutcome): Json {
  if ('output' in outcome) return { output: outcome.output }
  if ('raised' in outcome) return { raised: outcome.raised } as unknown as Json
  return { failed: outcome.failed, message: outcome.message }
}

/** A line for each place in which two values differ. */
function differences(then: Json, now: Json, at = ''): readonly string[] {
  if (canonicalJson(then) === canonicalJson(now)) return []
  const parts = (value: Json) => (typeof value === 'object' && value !== null ? Object.entries(value) : null)
  const [before, after] = [parts(then), parts(now)]
  if (before === null || after === null || Array.isArray(then) !== Array.isArray(now))
    return [`  ${at || 'all of it'}: ${shown(then)} then, ${shown(now)} now`]
  const [old, fresh] = [new Map(before), new Map(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const place = at === '' ? name : `${at}.${name}`
    if (!old.has(name)) return [`  ${place}: nothing then, ${shown(fresh.get(name)!)} now`]
    if (!fresh.has(name)) return [`  ${place}: ${shown(old.get(name)!)} then, nothing now`]
    return differences(old.get(name)!, fresh.get(name)!, place)
  })
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
