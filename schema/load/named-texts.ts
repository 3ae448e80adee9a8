import { readFileSync, realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** How the file of a report is written: inside of the app folder, with `/`. */
export const textFile = /^(?:[A-Za-z0-9_][\w.-]*\/)*[A-Za-z0-9_][\w.-]*\.sql$/

/** Text of each named file that is there, by its name. Links that lead out of the folder are not followed. */
export function namedTexts(folder: string, names: readonly unknown[]): ReadonlyMap<string, string> {
  const files = [...new Set(names)].filter((name): name is string => typeof name === 'string' && textFile.test(name))
  return new Map(
    files.flatMap((file) => {
      const text = readInside(folder, file)
      return text === null ? [] : [[file, text] as const]
    }),
  )
}

function readInside(folder: string, file: string): string | null {
  try {
    const path = realpathSync(join(folder, file))
    if (relative(folder, path).split(sep)[0] === '..') return null
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    return null
  }
}
