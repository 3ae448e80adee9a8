import type { DiagramEdge, DiagramEntity, DiagramRow, EntityDiagram } from './entity-diagram.ts'
import { mermaidName, mermaidString } from './mermaid-text.ts'

/** The diagram as Mermaid's `erDiagram`, which GitHub draws. Names are in quotes: `Style`, `Class` or `To` would be words of its own. Solid ways are parts, dotted ones lead to something on its own. */
export function entityMermaid({ entities, edges }: EntityDiagram): string {
  return ['erDiagram', '  direction LR', ...entities.flatMap(boxOf), ...edges.map((edge) => `  ${way(edge)}`), ''].join(
    '\n',
  )
}

function boxOf({ name, rows }: DiagramEntity): readonly string[] {
  const start = `  ${mermaidString(name)}`
  // Braces around nothing are no box to older versions.
  return rows.length === 0 ? [start] : [`${start} {`, ...rows.map((row) => `    ${line(row)}`), '  }']
}

/** `money margin "may be empty"`. Types are single words there. */
function line(row: DiagramRow): string {
  const type = mermaidName(
    row.type
      .replace(/ \| /g, '_or_')
      .replaceAll(/[^A-Za-z0-9_]+/g, '_')
      .replace(/_$/, ''),
  )
  const keys = [
    ...(row.isKey ? ['PK'] : []),
    ...(row.kind === 'relation' ? ['FK'] : []),
    ...(row.isUnique ? ['UK'] : []),
  ]
  const says = [...(row.kind === 'computed' ? ['computed'] : []), ...(row.optional ? ['may be empty'] : [])]
  const comment = says.length === 0 ? '' : ` ${mermaidString(says.join(', '))}`
  return `${notKey(type)} ${notKey(mermaidName(row.name))}${keys.length === 0 ? '' : ` ${keys.join(', ')}`}${comment}`
}

/** `pk`, however it is written, is a mark there and not a name. */
function notKey(word: string): string {
  return /^[pfu]k$/i.test(word) ? `_${word}` : word
}

function way({ from, to, name, kind, many, optional }: DiagramEdge): string {
  const line = kind === 'part' ? '--' : '..'
  const left = kind === 'link' ? '}o' : optional ? '|o' : '||'
  const right = many ? 'o{' : 'o|'
  return `${mermaidString(to)} ${left}${line}${right} ${mermaidString(from)} : ${mermaidString(name)}`
}
