import { modelErrors, modelWarnings, operatorErrors, requestErrors } from '../../base/index.ts'

const intro = `<!-- Made by node tools/reference.ts. -->

# Errors

One page for each code. Codes of the form \`AREA_THING_FAULT\` are an author's mistakes and come with file, line, a frame of code and a hint; those of whoever runs
the server come with a sentence and what to do; the short list in capitals without an area is what callers of the API see in \`extensions.code\`.
A code is never renamed. \`npm run check\` holds the pages, the catalogue in \`base/errors/catalogue.ts\` and the tests equal.`

/** The list of every error, by family; authors' mistakes by their area. */
export function errorsPage(): string {
  const areas = Map.groupBy(Object.entries<string>(modelErrors), ([code]) => code.split('_')[0]!)
  const model = [...areas].map(([area, codes]) => `### ${area}\n\n${table(codes)}`)
  const sections = [
    intro,
    `## Callers of the API\n\n${table(Object.entries(requestErrors))}`,
    `## Authors\n\nTold by \`rowhouse check\` and every other command that loads an app.\n\n${model.join('\n\n')}`,
    `## Warnings\n\nTold of an app that is sound. They stop nothing but \`rowhouse check --strict\`.\n\n${table(Object.entries(modelWarnings))}`,
    `## Whoever runs it\n\n${table(Object.entries(operatorErrors))}`,
  ]
  return `${sections.join('\n\n')}\n`
}

function table(codes: readonly (readonly [code: string, sentence: string])[]): string {
  return [
    '| code | meaning |',
    '|---|---|',
    ...codes.map(([code, text]) => `| [${code}](${code}.md) | ${text} |`),
  ].join('\n')
}
