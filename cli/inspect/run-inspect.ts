import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { didYouMean, OperatorError } from '#base'
import { loadApp } from '../app/load-app.ts'
import type { Session } from '../session.ts'
import { type InspectFormat, type InspectPart, inspectionOf } from './inspection.ts'
import { inspectParts } from './parts.ts'

/** How `rowhouse inspect` was called. */
export interface InspectCall {
  readonly folder: string
  readonly what: string
  readonly names: readonly string[]
  readonly format: string | null
  /** File to write instead of standard output; its ending says the format. */
  readonly out: string | null
}

/**
 * Shows what an app becomes, alone on standard output or in a file.
 *
 * @throws OperatorError INSPECT_FORMAT_UNKNOWN, INSPECT_NAME_UNKNOWN, OUTPUT_UNWRITABLE
 */
export async function runInspect(call: InspectCall, session: Session): Promise<void> {
  const part = partNamed(call.what)
  const format = formatOf(call, part)
  const inspection = inspectionOf(await loadApp(call.folder, session))
  const text = await part.show(call.names, format, inspection)
  if (call.out === null) return session.terminal.print(text.trimEnd())
  await writeOut(call.out, text)
  session.terminal.say(`Wrote ${call.out}.`)
}

function partNamed(what: string): InspectPart {
  const words = Object.keys(inspectParts)
  if (Object.hasOwn(inspectParts, what)) return inspectParts[what]!
  const near = didYouMean(what, words)
  const message = `"${what}" is nothing that can be shown.${near === null ? '' : ` Did you mean "${near}"?`}`
  throw new OperatorError('INSPECT_NAME_UNKNOWN', message, `Write one of ${words.join(', ')}.`)
}

const byEnding: Readonly<Record<string, InspectFormat>> = {
  '.svg': 'svg',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.json': 'json',
  '.sql': 'sql',
  '.graphql': 'graphql',
  '.gql': 'graphql',
  '.txt': 'text',
}

function formatOf({ what, format, out }: InspectCall, { formats }: InspectPart): InspectFormat {
  const wanted = format ?? (out === null ? undefined : byEnding[extname(out).toLowerCase()]) ?? formats[0]!
  const found = formats.find((each) => each === wanted)
  if (found !== undefined) return found
  const message = `"${what}" cannot be shown as ${wanted}.`
  throw new OperatorError('INSPECT_FORMAT_UNKNOWN', message, `It comes as ${formats.join(', ')}.`)
}

async function writeOut(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    const message = `"${path}" cannot be written: ${error instanceof Error ? error.message : String(error)}.`
    throw new OperatorError('OUTPUT_UNWRITABLE', message, 'Name a file in a folder that exists and is yours.', {
      cause: error,
    })
  }
}
