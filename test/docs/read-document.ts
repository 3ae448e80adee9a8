import { readFileSync } from 'node:fs'

/** A fenced block of a document. */
export interface Block {
  readonly language: string
  readonly text: string
  /** What the comment above it says: `<!-- app: notebook, file: schema/note.entity.ts -->`. */
  readonly marks: Readonly<Record<string, string>>
  /** `README.md:12` */
  readonly place: string
}

/** Every fenced block of a Markdown file, in order. */
export function readBlocks(path: string): readonly Block[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/(?:<!-- (.*?) -->\n)?```(\w+)\n([\s\S]*?)```/g)].map((match) => ({
    language: match[2]!,
    text: match[3]!,
    marks: readMarks(match[1] ?? ''),
    place: `${path}:${text.slice(0, match.index).split('\n').length}`,
  }))
}

function readMarks(comment: string): Record<string, string> {
  const pairs = comment.split(',').flatMap((part) => {
    const found = /^\s*(\w+):\s*(.+?)\s*$/.exec(part)
    return found === null ? [] : [[found[1]!, found[2]!] as const]
  })
  return Object.fromEntries(pairs)
}
