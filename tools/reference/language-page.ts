import type { PlacedOptions } from './collect-options.ts'
import { conditionWords, type Page } from './pages.ts'
import type { Builder } from './read-builders.ts'
import type { FieldFacts } from './read-examples.ts'
import type { Options } from './read-options.ts'

/** What a page is made from. */
export interface PageParts {
  readonly builders: readonly Builder[]
  readonly examples: ReadonlyMap<string, string>
  readonly facts: ReadonlyMap<string, FieldFacts>
  readonly options: readonly PlacedOptions[]
}

/** First line of every page: nobody should edit them. */
export const generated = '<!-- Made by node tools/reference.ts. -->'

/** One page of the reference, as Markdown. */
export function page(of: Page, parts: PageParts): string {
  const shown = of.builders.flatMap((name) => parts.builders.find((each) => each.name === name) ?? [])
  const own = parts.options.filter(({ file }) => file === of.file)
  const sections = [
    `${generated}\n\n# ${of.title}\n\n${of.intro}`,
    ...(of.file === 'conditions.md' ? [comparisons(parts), combining(parts)] : []),
    ...shown.map((builder) => builderSection(builder, of, parts)),
    ...own.map(({ options }) => optionsSection(options, of, parts)),
  ]
  return `${sections.join('\n\n')}\n`
}

function builderSection(builder: Builder, of: Page, parts: PageParts): string {
  const { name, doc, call, gives, variables } = builder
  const facts = parts.facts.get(name)
  const links = builder.names.map((each) => each.name)
  const lines = [
    `## ${name}`,
    doc ?? '',
    `\`\`\`ts\n${parts.examples.get(name) ?? ''}\n\`\`\``,
    `\`${call}\` → \`${gives}\`${variables.length === 0 ? '' : `, where \`${variables.join('`, `')}\``}${seeAlso(links, of, parts)}`,
    ...(facts === undefined ? [] : [factsLine(builder, facts)]),
  ]
  return lines.join('\n\n')
}

function factsLine({ holds: type }: Builder, { postgres, graphql, comparisons: known }: FieldFacts): string {
  const compared = known.length === 0 ? 'part by part' : known.map(code).join(' ')
  return `In Postgres ${postgres.map(code).join(', ')}, in GraphQL ${code(graphql)}, in TypeScript ${code(type ?? '')}. Conditions compare it ${
    known.length === 0 ? compared : `by ${compared}`
  }.`
}

function optionsSection(options: Options, of: Page, parts: PageParts): string {
  const { name, doc, text, refused } = options
  const links = options.names.map((each) => each.name)
  const goesOn = options.extends.map((base) => link(base, of, parts)).filter((each) => each !== null)
  const lines = [`### ${name}`, doc ?? '']
  if (text !== null) lines.push(`${inline(text)}${seeAlso(links, of, parts)}`)
  if (options.options.length > 0) lines.push(table(options, of, parts))
  const shown = options.options.flatMap((option) => parts.examples.get(`${name}.${option.name}`) ?? [])
  if (shown.length > 0) lines.push(`\`\`\`ts\n${shown.join(',\n')},\n\`\`\``)
  if (goesOn.length > 0) lines.push(`And those of ${goesOn.join(', ')}.`)
  if (goesOn.length > 0 && refused.length > 0) lines.push(`Not: ${refused.map(code).join(', ')}.`)
  return lines.filter((line) => line !== '').join('\n\n')
}

function table({ options, names }: Options, of: Page, parts: PageParts): string {
  const rows = options.map(({ name, type, isRequired, doc }) => {
    const named = names.map((each) => each.name).filter((each) => new RegExp(`\\b${each}\\b`).test(type))
    const linked = [...new Set(named)].flatMap((each) => link(each, of, parts) ?? [])
    const more = linked.length === 0 ? '' : ` See ${linked.join(', ')}.`
    return `| ${code(name)}${isRequired ? ' (required)' : ''} | ${code(type)} | ${cell(doc ?? '')}${more} |`
  })
  return ['| option | takes | meaning |', '|---|---|---|', ...rows].join('\n')
}

function seeAlso(names: readonly string[], of: Page, parts: PageParts): string {
  const links = [...new Set(names)].flatMap((name) => link(name, of, parts) ?? [])
  return links.length === 0 ? '' : `. See ${links.join(', ')}.`
}

function link(name: string, of: Page, { options }: PageParts): string | null {
  const placed = options.find((each) => each.options.name === name)
  if (placed === undefined) return null
  return `[${name}](${placed.file === of.file ? '' : placed.file}#${name.toLowerCase()})`
}

/** Which comparisons each kind of field knows, fields that know the same together. */
function comparisons({ facts }: PageParts): string {
  const known = Map.groupBy(facts, ([, { comparisons: words }]) => words.map(code).join(' '))
  const rows = [...known].map(
    ([words, fields]) =>
      `| ${fields.map(([name]) => code(name)).join(' ')} | ${words || 'their parts, each by itself'} |`,
  )
  return [
    '## Comparisons by kind of field',
    'A value alone means `is`, and `null` that there is none. Several comparisons of one field all hold. A comparison with a missing value is false, but `isNot` and `notIn` are the exact complements of `is` and `in`.',
    ['| fields | comparisons |', '|---|---|', ...rows].join('\n'),
    'To-one relations take a condition on the row that they lead to, its id, or `null`.',
  ].join('\n\n')
}

function combining({ examples }: PageParts): string {
  const words = Object.entries(conditionWords).map(
    ([name, meaning]) => `### ${name}\n\n${meaning}\n\n\`\`\`ts\n${examples.get(name) ?? ''}\n\`\`\``,
  )
  return ['## Combining', 'Keys side by side mean and.', ...words].join('\n\n')
}

/** Code in a table. */
function code(text: string): string {
  return inline(cell(text))
}

function inline(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
