import { quoteIdentifier, quoteLiteral } from '#base'
import type { DatabaseFunction } from '../catalog/catalog.ts'
import { roleText } from './render-fence.ts'

/**
 * A function as `create or replace`, with its grants and comment. Execute is taken from public first: Postgres grants it
 * to everybody by itself.
 */
export function renderFunction(definition: DatabaseFunction): string {
  const name = `${quoteIdentifier(definition.schema)}.${quoteIdentifier(definition.name)}`
  const signature = `${name}(${definition.identity})`
  const execute = definition.execute.map(roleText).join(', ')
  return [
    `create or replace function ${name}(${definition.arguments}) returns ${definition.returns}`,
    `  ${attributesOf(definition)}`,
    bodyOf(definition),
    `revoke all on function ${signature} from public;`,
    ...(execute === '' ? [] : [`grant execute on function ${signature} to ${execute};`]),
    ...(definition.comment === null
      ? []
      : [`comment on function ${signature} is ${quoteLiteral(definition.comment)};`]),
  ].join('\n')
}

function attributesOf(definition: DatabaseFunction): string {
  const settings = Object.entries(definition.settings).map(([name, value]) => ` set ${name} = ${value}`)
  const rows = definition.rows === null ? '' : ` rows ${definition.rows}`
  return `language ${definition.language} ${definition.volatility} security ${definition.security}${rows}${settings.join('')}`
}

function bodyOf(definition: DatabaseFunction): string {
  if (definition.atomic) return `begin atomic\n  ${definition.body};\nend;`
  const quote = dollarQuote(definition.body)
  return `as ${quote}\n${definition.body}\n${quote};`
}

/** A dollar quote that does not occur in the body. */
export function dollarQuote(body: string): string {
  for (let count = 0; ; count += 1) {
    const quote = `$body${count === 0 ? '' : count}$`
    if (!body.includes(quote)) return quote
  }
}
