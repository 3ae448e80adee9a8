import { type Command, Option } from 'commander'
import type { ManifestFormat } from '../documents/manifest.ts'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Documents are found in templates and calls of gql and graphql, behind the comment /* GraphQL */, and in .graphql files; of .vue
and .svelte files in their scripts. Fragments are found by their names, wherever they are written. Each operation goes into the
file by the SHA-256 of its text, which a client sends as "documentId". What the file holds already stays, because front ends
that are deployed may still send it. Relay's compiler writes such a file by itself (persistConfig). Needs no database.
`

/** `rowhouse documents …`: what front ends may send. */
export function addDocumentsCommand(program: Command, session: Session): void {
  const documents = program
    .command('documents')
    .usage('<command> [words...]')
    .description('trusted documents: extract them from a front end, and hold them against the API')
    .addHelpText('after', examples('rowhouse documents extract shop --from web/src', 'rowhouse documents check shop'))
    .helpCommand('help [command]', 'print help')
  addExtract(documents, session)
  addCheck(documents, session)
  for (const command of documents.commands) command.option('--debug', 'print stacks with errors')
}

interface ExtractOptions {
  readonly from: readonly string[]
  readonly out?: string | null
  readonly format: ManifestFormat
  readonly typename?: boolean
  readonly prune?: boolean
}

function addExtract(documents: Command, session: Session): void {
  documents
    .command('extract')
    .description('write the documents of a front end into a file, once all of them fit the API')
    .argument('<folder>', 'folder of the app')
    .requiredOption('--from <paths...>', 'folders or files of the front end')
    .option('--out <file>', 'file to write; documents.json of the app when left out')
    .addOption(new Option('--format <format>', 'form of the file').choices(['ids', 'apollo']).default('ids'))
    .option('--typename', 'add __typename to every selection, as Apollo Client and urql do before they send')
    .option('--prune', 'drop documents of the file that the front end no longer has')
    .addHelpText('after', notes + examples('rowhouse documents extract shop --from web/src --out shop/documents.json'))
    .action(async (folder: string, { from, out = null, format, ...flags }: ExtractOptions) => {
      const { runExtract } = await import('../documents/run-extract.ts')
      const { typename = false, prune = false } = flags
      await runExtract({ folder, from, out, format, typename, prune }, session)
    })
}

function addCheck(documents: Command, session: Session): void {
  documents
    .command('check')
    .description('say which trusted documents the API no longer answers')
    .argument('<folder>', 'folder of the app')
    .addHelpText('after', `\nEnds with 1 when there is one.\n${examples('rowhouse documents check shop')}`)
    .action(async (folder: string) => {
      const { runCheckDocuments } = await import('../documents/run-check.ts')
      await runCheckDocuments(folder, session)
    })
}
