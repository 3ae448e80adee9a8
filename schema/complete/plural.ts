import pluralize from 'pluralize'

/** English plural of an entity's name, its last word alone: `OrderLine` → `OrderLines`, `Company` → `Companies`. */
export function pluralOf(name: string): string {
  const [, head = '', word = name] = /^(.*?)([A-Z][a-z0-9]*|[^A-Z]*)$/.exec(name) ?? []
  return head + pluralize.plural(word)
}
