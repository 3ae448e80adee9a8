import { quoteIdentifier } from '#base'
import type { Face, Table } from '../catalog/catalog.ts'
import { renderRowSecurity } from './render-fence.ts'
import { columnText, tableText } from './render-table.ts'

type FaceTable = Table & { readonly face: Face }

/** The faces among some tables. */
function facesAmong(tables: readonly Table[]): readonly FaceTable[] {
  return tables.filter(isFace)
}

/** True for a table that has no rows of its own. */
export function isFace(table: Table): table is FaceTable {
  return table.face !== undefined
}

/** Makes faces in front of tables that are there, and attaches these: no row is looked at or moved. */
export function renderFaces(tables: readonly Table[]): readonly string[] {
  return chains(tables).flatMap((chain) => [
    ...chain.map((face) => [faceText(face), renderRowSecurity(face)].join('\n')),
    `alter table ${tableText(chain.at(-1)!)} attach partition ${behind(chain[0]!)} default;`,
  ])
}

/** Takes faces away; the tables behind them stay as they are. */
export function renderDroppedFaces(tables: readonly Table[]): readonly string[] {
  return chains(tables).flatMap((chain) => [
    `alter table ${tableText(chain.at(-1)!)} detach partition ${behind(chain[0]!)};`,
    // Its partitions go along.
    `drop table ${tableText(chain[0]!)};`,
  ])
}

function faceText(table: FaceTable): string {
  const { by, within } = table.face
  const place = `create table ${tableText(table)}`
  const ways = `partition by list (${quoteIdentifier(by)});`
  if (within !== null) return `${place} partition of ${tableText({ ...table, name: within })} default ${ways}`
  return `${place} (\n${table.columns.map((column) => `  ${columnText(column)}`).join(',\n')}\n) ${ways}`
}

/** Of each table its faces, the first first. */
function chains(tables: readonly Table[]): readonly (readonly FaceTable[])[] {
  const faces = facesAmong(tables)
  return faces
    .filter(({ face }) => face.within === null)
    .map((first) => {
      const chain = [first]
      const next = () => faces.find(({ schema, face }) => schema === first.schema && face.within === chain.at(-1)!.name)
      for (let one = next(); one !== undefined; one = next()) chain.push(one)
      return chain
    })
}

function behind({ schema, face }: FaceTable): string {
  return tableText({ schema, name: face.of })
}
