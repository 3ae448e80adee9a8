import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
The same token that "dev" prints, for the "people" of rowhouse.config.ts, whether a server runs or not. Its key lives in
ROWHOUSE_DATA (default: .rowhouse/data in the app). Production accepts none of these.
`

/** `rowhouse token`: the development token of a person, alone on standard output. */
export function addTokenCommand(program: Command, session: Session): void {
  program
    .command('token')
    .description('print the development token of a person, alone')
    .argument('<person>', 'a name from "people" in rowhouse.config.ts')
    .option('--app <folder>', 'folder of the app', '.')
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse token sam --app examples/invoicing',
          'curl -H "authorization: Bearer $(rowhouse token sam)" http://localhost:4000/graphql …',
        ),
    )
    .action(async (person: string, options: { readonly app: string }) => {
      const { printToken } = await import('../people/print-token.ts')
      await printToken(person, options.app, session)
    })
}
