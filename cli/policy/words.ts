import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '#base'

/** What the words behind a sub-command of `rowhouse policy` say. */
export interface PolicyWords {
  /** Folder of the app, as it was written; the current one when no word names it. */
  readonly folder: string
  /** The other words, in order: names of entities, of a role, of a row. */
  readonly names: readonly string[]
}

/**
 * Tells the folder of the app from names, in any order: `Order examples/invoicing`, `Order`, `../shop`. A word is the folder when it
 * has a slash or is `.`, or when a folder with an app is called so.
 *
 * @throws OperatorError APP_FOLDER_MISSING when two words name folders
 */
export function policyWords(words: readonly string[]): PolicyWords {
  const folders = words.filter(isFolderWord)
  const [folder = '.', another] = folders
  if (another === undefined) return { folder, names: words.filter((word) => !isFolderWord(word)) }
  const message = `"${folder}" and "${another}" both name a folder.`
  throw new OperatorError('APP_FOLDER_MISSING', message, 'Name the folder of one app.')
}

function isFolderWord(word: string): boolean {
  if (/^\.\.?$|[/\\]/.test(word)) return true
  return existsSync(join(word, 'schema')) || existsSync(join(word, 'model.json'))
}
