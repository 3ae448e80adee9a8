import { type Command, Option } from 'commander'
import { canonicalJson } from '#base'
import { explainEntity, explanationText } from '#policies'
import { loadApp } from '../app/load-app.ts'
import { examples } from '../examples.ts'
import { plainLine } from '../inspect/diagrams/plain-text.ts'
import type { Session } from '../session.ts'
import { callerNamed } from './caller-named.ts'
import { entitiesTold } from './entities-told.ts'
import { policyWords } from './words.ts'

const notes = `
Without a name all entities are explained. --as leaves out what does not concern somebody: a role, several with commas between
them, signedIn for whoever is signed in without any, or visitor. Needs no database.
`

/** `rowhouse policy explain`: the rules of entities in English. */
export function addPolicyExplain(policy: Command, session: Session): void {
  policy
    .command('explain')
    .description('say in English who may do what with the rows of an entity, and when')
    .argument('[words...]', 'names of entities, and the folder of the app')
    .addOption(new Option('--as <roles>', 'only what concerns these roles, signedIn or visitor'))
    .addOption(new Option('--json', 'print a document for programs'))
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse policy explain Order examples/invoicing',
          'rowhouse policy explain examples/invoicing --as sales',
          'rowhouse policy explain Order Invoice --json',
        ),
    )
    .action((words: readonly string[], options: ExplainOptions) => explain(words, options, session))
}

interface ExplainOptions {
  readonly as?: string
  readonly json?: boolean
}

async function explain(words: readonly string[], options: ExplainOptions, session: Session): Promise<void> {
  const { folder, names } = policyWords(words)
  const { model } = await loadApp(folder, session)
  const caller = options.as === undefined ? null : callerNamed(options.as, model)
  const told = entitiesTold(names, model).map((entity) => explainEntity(model, entity, caller))
  if (options.json === true) return session.terminal.print(canonicalJson(told).trimEnd())
  const text = told.map((each) => explanationText(each, model)).join('\n')
  session.terminal.print(text.trimEnd().split('\n').map(plainLine).join('\n'))
}
