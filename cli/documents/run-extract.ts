import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { type GraphQLError, getOperationAST, parse } from 'graphql'
import { OperatorError } from '#base'
import { readManifest, readSettings } from '#server'
import { loadApp } from '../app/load-app.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Session } from '../session.ts'
import { frontEndFiles } from './front-end-files.ts'
import { literalsOf } from './literals-of.ts'
import { entriesOf, type ManifestEntry, type ManifestFormat, manifestText } from './manifest.ts'
import { type Found, type FrontEndProblem, operationsOf } from './operations-of.ts'
import { documentChecker } from './problems-of.ts'

/** How `rowhouse documents extract` was called. */
export interface ExtractCall {
  readonly folder: string
  /** Folders and files of the front end. */
  readonly from: readonly string[]
  /** File to write; null: `documents.json` in the app. */
  readonly out: string | null
  readonly format: ManifestFormat
  /** Whether `__typename` is added to every selection. */
  readonly typename: boolean
  /** Whether documents of the file are dropped that the front end no longer has. */
  readonly prune: boolean
}

/**
 * Writes the documents of a front end into a file, once all of them fit the API.
 *
 * @throws OperatorError DOCUMENTS_UNREADABLE, DOCUMENTS_INVALID, OUTPUT_UNWRITABLE
 */
export async function runExtract(call: ExtractCall, session: Session): Promise<void> {
  const app = await loadApp(call.folder, session)
  const { limits } = await readSettings({ folder: app.folder, purpose: 'check', environment: session.environment })
  const found = await findOperations(call.from)
  const faultsOf = await documentChecker(app.model, limits)
  const problems = [
    ...found.problems,
    ...found.operations.flatMap(({ document, place }) => told(faultsOf(document), found, place)),
  ]
  if (problems.length > 0) return refuse(problems, session)
  const out = call.out === null ? resolve(app.folder, 'documents.json') : resolve(call.out)
  const entries = entriesOf(found.operations, call.typename)
  const before = existsSync(out) ? await readManifest(out) : new Map<string, string>()
  const gone = [...before].filter(([id]) => entries.every((entry) => entry.id !== id)).map(entryOf)
  await write(out, manifestText(call.prune ? entries : [...entries, ...gone], call.format))
  const added = entries.filter(({ id }) => !before.has(id)).length
  const kept = call.prune ? `${gone.length} dropped` : `${gone.length} kept that the front end no longer has`
  session.terminal.say(
    `Wrote ${entries.length} documents to ${shown(out)}: ${added} new${gone.length === 0 ? '' : `, ${kept}`}.`,
  )
}

async function findOperations(from: readonly string[]): Promise<Found> {
  const files = await frontEndFiles(from)
  const literals = await Promise.all(
    files.map(async (file) => literalsOf(shown(resolve(file)), await readFile(file, 'utf8'))),
  )
  const found = operationsOf(literals.flat())
  if (found.operations.length > 0 || found.problems.length > 0) return found
  const message = `There are no documents in ${from.join(', ')}.`
  const hint =
    'They are found in templates and calls of "gql" and "graphql", behind the comment /* GraphQL */, and in .graphql files.'
  throw new OperatorError('DOCUMENTS_UNREADABLE', message, hint)
}

/** Where one is known: in the document that a fault is about, which may be a fragment somewhere else. */
function told(faults: readonly GraphQLError[], { placeOf }: Found, place: string): readonly FrontEndProblem[] {
  return faults.map(({ nodes, message }) => {
    const at = placeOf(nodes?.[0]?.loc)
    return { place: at === 'somewhere' ? place : at, message }
  })
}

function refuse(problems: readonly FrontEndProblem[], session: Session): void {
  const lines = new Set(problems.map(({ place, message }) => `${place}  ${message}`))
  session.terminal.say(`${[...lines].sort().join('\n')}\n\n${countOf(lines.size)}. Nothing was written.`)
  session.exitCode = exitCodes.app
}

function countOf(problems: number): string {
  return problems === 1 ? '1 document does not fit' : `${problems} problems`
}

/** Front ends that are deployed may still send it. */
function entryOf([id, text]: readonly [string, string]): ManifestEntry {
  const operation = getOperationAST(parse(text))
  return { id, text, name: operation?.name?.value ?? '', type: operation?.operation ?? 'query' }
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    const message = `"${path}" cannot be written: ${(cause as Error).message}`
    throw new OperatorError('OUTPUT_UNWRITABLE', message, 'Name a file in a folder that exists and is yours.', {
      cause,
    })
  })
}

/** A path as whoever works here would write it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path)
  return near.startsWith('..') || isAbsolute(near) ? path : near
}
