import { generated } from './language-page.ts'
import { entryNotes, pages } from './pages.ts'
import { type Builder, type Entry, type ExportedType, entries } from './read-builders.ts'

const intro = `# The language

Every word that an app imports, with its options, their meaning and an example. The examples are lines of one app, [examples/language](../../../examples/language),
which is type-checked, loaded and applied to Postgres by the tests. [Modelling](../../guide/modelling.md) says what to choose when, [errors](../../errors/README.md)
what each mistake is called, [names](names.md) which are taken.`

const legend = `## How types are written

| word | stands for |
|---|---|
| \`Name\`, \`'-Name'\` | name of a field or to-one relation of the entity; with \`-\` descending |
| \`RelationName\`, \`EntityName\`, \`RoleName\`, \`Verb\`, \`State\` | names of such, known to the editor |
| \`PartPath\` | part of a value object, \`'home.city'\` |
| \`Fields\`, \`Relations\` | an object of such by name |
| \`Condition\` | an object as in [Conditions](conditions.md) |
| \`Value\` | a value as its field is written: digits of exact numbers, days, instants and times as text |
| \`ActorValue\` | what is known of the caller, \`actor.id\` |
| \`Digits\` | an exact number as text, \`'12.50'\` |
| \`Day\`, \`Instant\`, \`Clock\` | \`'2026-03-31'\`, \`'2026-03-31T17:30:00Z'\`, \`'17:30'\` |
| \`Expr<T>\`, \`null?\` | a value that the database will know; null where an argument may be null |`

/** The page that leads to all others. */
export function indexPage(builders: readonly Builder[], types: readonly ExportedType[]): string {
  const sections = Object.keys(entries).map((entry) => entrySection(entry as Entry, builders, types))
  return `${generated}\n\n${[intro, legend, ...sections].join('\n\n')}\n`
}

function entrySection(entry: Entry, builders: readonly Builder[], types: readonly ExportedType[]): string {
  const names = builders.filter((each) => each.entry === entry).map(({ name }) => name)
  const words = pages.flatMap(({ file, title, builders: shown }) =>
    wordsOf({ file, title, names: shown.filter((name) => names.includes(name)) }),
  )
  const typed = types
    .filter((each) => each.entry === entry)
    .map(({ declaration: { name, doc } }) => `| \`${name}\` | ${(doc ?? '').replaceAll('|', '\\|')} |`)
  const table = typed.length === 0 ? [] : [['| type | what it is |', '|---|---|', ...typed].join('\n')]
  return [
    `## ${entry}`,
    `${entryNotes[entry][0]!.toUpperCase()}${entryNotes[entry].slice(1)}:`,
    words.join('\n'),
    ...table,
  ].join('\n\n')
}

/** The words of one page, in its order: a list item, in lines that an editor shows whole. */
function wordsOf({ file, title, names }: { file: string; title: string; names: readonly string[] }): readonly string[] {
  if (names.length === 0) return []
  const links = names.map((name) => `[\`${name}\`](${file}#${name.toLowerCase()})`)
  const lines: string[] = []
  for (const link of links) {
    const last = lines.at(-1)
    if (last === undefined || last.length + link.length > widest) lines.push(link)
    else lines[lines.length - 1] = `${last} · ${link}`
  }
  return [`- ${title}: ${lines.join(' ·\n  ')}`]
}

/** Characters in a line of links. */
const widest = 150
