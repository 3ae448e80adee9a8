import { collectOptions } from './collect-options.ts'
import { errorsPage } from './errors-page.ts'
import { indexPage } from './index-page.ts'
import { page } from './language-page.ts'
import { namesPage } from './names-page.ts'
import { conditionWords, pages, shownElsewhere } from './pages.ts'
import { type Builder, readEntries } from './read-builders.ts'
import { readExamples, readFieldFacts } from './read-examples.ts'
import type { Options } from './read-options.ts'
import { readSource } from './read-sources.ts'

/** The pages of the reference, and what keeps them from being complete. */
export interface Reference {
  /** Texts by path in the repository. */
  readonly files: Readonly<Record<string, string>>
  /** `path:line: message` */
  readonly complaints: readonly string[]
}

/** Folder of the reference, relative to the repository. */
export const folder = 'docs/reference/language'

/** Everything that `docs/reference/language/` holds, made from the sources, their doc comments and the example app. */
export async function referenceFiles(): Promise<Reference> {
  const { builders, types } = readEntries()
  const examples = readExamples()
  const facts = await readFieldFacts(examples)
  const options = collectOptions(builders)
  const files = Object.fromEntries(
    pages.map((each) => [`${folder}/${each.file}`, page(each, { builders, examples, facts, options })]),
  )
  return {
    files: {
      [`${folder}/README.md`]: indexPage(builders, types),
      ...files,
      [`${folder}/names.md`]: namesPage(),
      'docs/errors/README.md': errorsPage(),
    },
    complaints: [
      ...builders.flatMap((builder) => builderComplaints(builder, examples)),
      ...types.flatMap(({ declaration: { name, doc, source } }) =>
        missing(doc === null, source.path, `the type "${name}" has no doc comment`),
      ),
      ...options.flatMap((placed) => optionComplaints(placed.options)),
      ...options
        .filter((placed) => placed.options.name === 'Definition')
        .flatMap((placed) => unshown(placed.options, examples)),
      ...unknownWords(examples),
    ],
  }
}

function missing(isMissing: boolean, place: string, message: string): readonly string[] {
  return isMissing ? [`${place}: ${message}.`] : []
}

/** What a function or word that apps call lacks. */
export function builderComplaints(
  { name, doc, place }: Builder,
  examples: ReadonlyMap<string, string>,
): readonly string[] {
  const isPlaced = pages.some((each) => each.builders.includes(name))
  return [
    ...missing(doc === null, place, `"${name}" has no doc comment`),
    ...missing(!examples.has(name), place, `"${name}" ${noExample(name)}`),
    ...missing(!isPlaced, place, `"${name}" stands on no page of tools/reference/pages.ts`),
  ]
}

function noExample(name: string): string {
  return `has no example: add one below "// reference: ${name}" in examples/language`
}

/** What an options interface or its options lack. */
export function optionComplaints({ name, doc, place, options }: Options): readonly string[] {
  return [
    ...missing(doc === null, place, `"${name}" has no doc comment`),
    ...options.flatMap((option) =>
      missing(option.doc === null, option.place, `"${option.name}" of "${name}" has no doc comment`),
    ),
  ]
}

/** Options of entities without an example. */
function unshown({ name, options }: Options, examples: ReadonlyMap<string, string>): readonly string[] {
  return options.flatMap((option) => {
    const key = `${name}.${option.name}`
    return missing(
      !examples.has(key) && !(option.name in shownElsewhere),
      option.place,
      `"${option.name}" ${noExample(key)}`,
    )
  })
}

/** Words of conditions are keys of a mapped type, which cannot carry comments. */
function unknownWords(examples: ReadonlyMap<string, string>): readonly string[] {
  const path = 'schema/types/own-where.ts'
  const word = readSource(path).body.find(({ type, id }) => type === 'TSTypeAliasDeclaration' && id.name === 'Word')
  const names: readonly string[] = (word?.typeAnnotation.types ?? []).map(
    (each: { literal: { value: string } }) => each.literal.value,
  )
  return names.flatMap((name) => [
    ...missing(
      !(name in conditionWords),
      path,
      `"${name}" is not explained in conditionWords of tools/reference/pages.ts`,
    ),
    ...missing(!examples.has(name), path, `"${name}" ${noExample(name)}`),
  ])
}
