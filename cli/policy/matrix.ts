import { type Command, Option } from 'commander'
import { canonicalJson } from '#base'
import { matrixHtml, matrixText, policyMatrix } from '#policies'
import { loadApp } from '../app/load-app.ts'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'
import { callerNamed } from './caller-named.ts'
import { entitiesTold } from './entities-told.ts'
import { policyWords } from './words.ts'

const notes = `
Everyone is there: visitors, people signed in without a role, each role, and two roles together where that is more than the better
of both. Computed from the rules alone: it says what they ask for, not which rows meet it. Needs no database.
`

/** `rowhouse policy matrix`: who may do what. */
export function addPolicyMatrix(policy: Command, session: Session): void {
  policy
    .command('matrix')
    .description('show who may do what: a table of everyone, every verb and every entity')
    .argument('[words...]', 'names of entities, and the folder of the app')
    .option('--as <roles>', 'tell of these roles together too: sales,accountant; may be said again', collected, [])
    .addOption(new Option('--json', 'print a document for programs').conflicts('html'))
    .addOption(new Option('--html', 'print a page for a browser, where each rule can be read'))
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse policy matrix examples/invoicing',
          'rowhouse policy matrix Order examples/invoicing --as sales,accountant',
          'rowhouse policy matrix examples/invoicing --html > matrix.html',
        ),
    )
    .action((words: readonly string[], options: MatrixOptions) => matrix(words, options, session))
}

interface MatrixOptions {
  readonly as: readonly string[]
  readonly json?: boolean
  readonly html?: boolean
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

async function matrix(words: readonly string[], options: MatrixOptions, session: Session): Promise<void> {
  const { folder, names } = policyWords(words)
  const { model } = await loadApp(folder, session)
  const more = options.as.map((each) => callerNamed(each, model))
  const found = policyMatrix(model, entitiesTold(names, model), more)
  const text = options.json ? canonicalJson(found) : options.html ? matrixHtml(found) : matrixText(found)
  session.terminal.print(text.trimEnd())
}
