import type { DiagramEdge, DiagramEntity, DiagramRow, EntityDiagram } from './entity-diagram.ts'
import { mermaidName, mermaidString } from './mermaid-text.ts'

/** The diagram as Mermaid's `erDiagram`, which GitHub draws. Solid ways are parts, dotted ones lead to something on its own. */
export function entityMermaid({ entities, edges }: EntityDiagram): string {
  return ['erDiagram', '  direction LR', ...entities.flatMap(boxOf), ...edges.map((edge) => `  ${way(edge)}`), ''].join(
    '\n',
  )
}

function boxOf({ name, rows }: DiagramEntity): readonly string[] {
  const start = `  ${mermaidName(name)}`
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
  return `${type} ${mermaidName(row.name)}${keys.length === 0 ? '' : ` ${keys.join(', ')}`}${comment}`
}

function way({ from, to, name, kind, many, optional }: DiagramEdge): string {
  const line = kind === 'part' ? '--' : '..'
  const left = kind === 'link' ? '}o' : optional ? '|o' : '||'
  const right = many ? 'o{' : 'o|'
  return `${mermaidName(to)} ${left}${line}${right} ${mermaidName(from)} : ${mermaidString(name)}`
}
