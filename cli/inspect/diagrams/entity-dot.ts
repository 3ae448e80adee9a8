import { light } from './colors.ts'
import { dotString, htmlText } from './dot-text.ts'
import type { DiagramEdge, DiagramEntity, DiagramRow, EntityDiagram } from './entity-diagram.ts'
import { font, points } from './fonts.ts'
import { shortText } from './plain-text.ts'

/** The diagram in the language of Graphviz. Parents stand left of what refers to them; a way ends at the row that holds it. */
export function entityDot(diagram: EntityDiagram): string {
  return [
    `digraph ${dotString(diagram.app)} {`,
    `  graph [rankdir=LR, ranksep=1.1, nodesep=0.35, pad=0.3, bgcolor="${light('page')}", ${font(11)}, labelloc=b, labeljust=l, label=<${legend(diagram)}>]`,
    `  node [shape=plain, ${font(11)}]`,
    `  edge [dir=both, arrowsize=0.8, color="${light('line')}", fontcolor="${light('muted')}", ${font(10)}]`,
    ...diagram.entities.map((entity) => `  ${dotString(entity.name)} [label=<${box(entity)}>]`),
    ...diagram.edges.map((edge) => `  ${way(edge, diagram)}`),
    '}',
    '',
  ].join('\n')
}

function box({ name, tenancy, rows, hidden }: DiagramEntity): string {
  const title = `<TR><TD COLSPAN="2" ALIGN="LEFT" BGCOLOR="${light(tenancy)}" CELLPADDING="5"><FONT COLOR="${light('ink')}" POINT-SIZE="${points(13)}"><B>${htmlText(name)}</B></FONT></TD></TR>`
  const rest =
    hidden === 0
      ? []
      : [
          `<TR><TD COLSPAN="2" ALIGN="LEFT"><FONT COLOR="${light('muted')}" POINT-SIZE="${points(10)}">${more(hidden, rows.length)}</FONT></TD></TR>`,
        ]
  const lines = [title, ...(rows.length === 0 && hidden === 0 ? [] : ['<HR/>']), ...rows.map(line), ...rest]
  return `<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2" COLOR="${light('border')}" BGCOLOR="${light('box')}">${lines.join('')}</TABLE>`
}

function more(hidden: number, shown: number): string {
  return shown === 0 ? `${hidden} ${hidden === 1 ? 'field' : 'fields'}` : `and ${hidden} more`
}

function line(row: DiagramRow, at: number): string {
  const words = htmlText(shortText(row.name, 40))
  const name = row.isKey ? `<U>${words}</U>` : row.kind === 'computed' ? `<I>${words}</I>` : words
  const type = `${htmlText(shortText(row.type, 40))}${row.optional ? '?' : ''}${row.isUnique ? ' unique' : ''}`
  return `<TR><TD ALIGN="LEFT" PORT="f${at}"><FONT COLOR="${light('ink')}">${name}</FONT></TD><TD ALIGN="LEFT"><FONT COLOR="${light('muted')}" POINT-SIZE="${points(10)}">&#160; ${type} </FONT></TD></TR>`
}

/** From the target to the row that holds the key, so that targets come first. Crow's feet tell how many. */
function way(edge: DiagramEdge, { entities }: EntityDiagram): string {
  const from = dotString(edge.from)
  const to = dotString(edge.to)
  if (edge.kind === 'link') {
    const label = `label=${dotString(` ${edge.name} `)}`
    return `${to} -> ${from} [arrowhead=crowodot, arrowtail=crowodot, color="${light('link')}", ${label}]`
  }
  const rows = entities.find(({ name }) => name === edge.from)?.rows ?? []
  const row = rows.findIndex(({ name, kind }) => kind === 'relation' && name === edge.name)
  const end = row === -1 ? from : `${from}:f${row}:w`
  const tail = edge.optional ? 'teeodot' : 'teetee'
  const head = edge.many ? 'crow' : 'teeodot'
  return `${to} -> ${end} [arrowhead=${head}, arrowtail=${tail}${styles[edge.kind]}]`
}

const styles: Readonly<Record<DiagramEdge['kind'], string>> = {
  reference: '',
  part: `, color="${light('part')}", penwidth=1.6`,
  oneOf: ', style=dashed',
  link: '',
}

/** Only what the drawing has. */
function legend({ entities, edges }: EntityDiagram): string {
  const boxes = tenancies
    .filter(([tenancy]) => entities.some((entity) => entity.tenancy === tenancy))
    .map(([tenancy, words]) => `<TD BGCOLOR="${light(tenancy)}">${htmlText(words)}</TD>`)
  const lines = ways
    .filter(([kind]) => edges.some((edge) => edge.kind === kind))
    .map(([, color, words]) => `<TD><FONT COLOR="${light(color)}">${htmlText(words)}</FONT></TD>`)
  const cells = [...boxes, ...lines]
  if (cells.length === 0) return ' '
  return `<FONT COLOR="${light('ink')}" POINT-SIZE="${points(10)}"><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="6" CELLPADDING="4"><TR>${cells.join('')}</TR></TABLE></FONT>`
}

const tenancies = [
  ['own', 'rows of one tenant'],
  ['self', 'each row is a tenant'],
  ['shared', 'rows of one tenant or of all'],
  ['none', 'rows of no tenant'],
] as const

const ways = [
  ['part', 'part', '— belongs inside'],
  ['oneOf', 'muted', '- - one of several'],
  ['link', 'link', '— linked, many to many'],
] as const
