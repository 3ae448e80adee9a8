import { snakeCase } from '#base'
import { fieldOfColumn } from './field-of-column.ts'
import { type Finding, finding } from './finding.ts'
import { type FoundColumn, type FoundTable, nameOfTable } from './found-database.ts'
import { memberName, typeName } from './words.ts'

const kinds: Readonly<Record<string, string>> = { v: 'a view', m: 'a materialized view' }
const mostShown = 12

/** What becomes of a view: nothing by itself, since only people know its key. Tells how to adopt it; null for what is no view, or cannot be. */
export function surveyedView(table: FoundTable, tenantColumn: string | null, isSqlName: IsSqlName): Finding | null {
  const what = kinds[table.kind]
  const at = nameOfTable(table)
  if (what === undefined || ![table.schema, table.name].every((name) => isSqlName(name) && !name.includes('.')))
    return null
  const tenant = table.columns.find(({ name }) => name === tenantColumn)
  if (tenant !== undefined && tenant.type !== 'uuid') return null
  const fields = table.columns.filter((column) => column !== tenant && isSqlName(column.name)).flatMap(fieldOf)
  if (fields.length === 0) return null
  const shown = fields.length > mostShown ? [...fields.slice(0, mostShown), '…'] : fields
  const whose = tenant === undefined ? 'false' : `{ column: '${tenant.name}' }`
  const hint = `export const ${typeName(table.name)} = entity('${typeName(table.name)}', { adopt: { view: '${at}' }, tenant: ${whose}, key: '…', fields: { ${shown.join(', ')} } })`
  return finding('TABLE_VIEW', at, what, hint)
}

type IsSqlName = (name: string) => boolean

function fieldOf(column: FoundColumn): readonly string[] {
  const field = fieldOfColumn(column)
  if (field === null || field.of !== undefined || field.values !== undefined) return []
  const name = memberName(column.name)
  const digits = ['precision', 'scale'].flatMap((option) =>
    typeof field.options[option] === 'number' ? [`${option}: ${field.options[option]}`] : [],
  )
  const from = snakeCase(name) === column.name ? [] : [`column: '${column.name}'`]
  const type =
    field.columnType === null || field.builder === 'string' || field.builder === 'decimal'
      ? []
      : [`column: { name: '${column.name}', type: '${field.columnType}' }`]
  const options = [
    ...digits,
    ...(type.length === 0 ? from : type),
    ...(field.builder === 'period' ? [`of: '${String(field.options.of)}'`] : []),
  ]
  return [`${name}: ${field.builder}(${options.length === 0 ? '' : `{ ${options.join(', ')} }`})`]
}
