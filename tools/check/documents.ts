import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { repositoryFiles } from './source-files.ts'

/** Longest a document may be, in lines. */
const maxLines: readonly (readonly [RegExp, number])[] = [
  [/^README\.md$/, 200],
  [/^docs\/decisions\/\d/, 60],
]

/** Complaints about documents that are too long or link to nothing. */
export function checkDocuments(): readonly string[] {
  return repositoryFiles(['.md']).flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    return [...tooLong(path, text), ...brokenLinks(path, text)]
  })
}

function tooLong(path: string, text: string): string[] {
  const lines = text.trimEnd().split('\n').length
  return maxLines
    .filter(([pattern, most]) => pattern.test(path) && lines > most)
    .map(([, most]) => `${path}: ${lines} lines, ${most} at most.`)
}

function brokenLinks(path: string, text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .filter((target) => !existsSync(posix.join(posix.dirname(path), target.split('#')[0]!)))
    .map((target) => `${path}: the link to ${target} leads nowhere.`)
}
