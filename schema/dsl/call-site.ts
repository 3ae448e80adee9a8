import { fileURLToPath } from 'node:url'
import type { CallSite } from './declaration.ts'

/** Folders of the functions that authors call; frames in them are ours. */
const rooms = ['../', '../../policies/', '../../workers/'].map((path) => fileURLToPath(new URL(path, import.meta.url)))

/** More frames than we ever put between an author and the top of the stack. */
const maxFrames = 16

/** The place in the app that called the function of the language we are in, or null where V8 does not tell. */
export function callSite(): CallSite | null {
  for (const frame of stack()) {
    const file = pathOf(frame)
    if (file === null || rooms.some((room) => file.startsWith(room))) continue
    const line = frame.getLineNumber()
    const column = frame.getColumnNumber()
    return line === null || column === null ? null : { file, line, column }
  }
  return null
}

function stack(): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error
  const holder: { stack?: unknown } = {}
  try {
    Error.stackTraceLimit = maxFrames
    Error.prepareStackTrace = (_error, frames) => frames
    Error.captureStackTrace(holder, callSite)
    // Read here: V8 formats on the first read.
    return Array.isArray(holder.stack) ? holder.stack : []
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

function pathOf(frame: NodeJS.CallSite): string | null {
  const name = frame.getFileName()
  if (name === null || name === undefined) return null
  if (name.startsWith('file:')) return fileURLToPath(name)
  return name.startsWith('/') || /^[a-z]:\\/i.test(name) ? name : null
}
