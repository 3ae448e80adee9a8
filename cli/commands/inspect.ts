import type { Command } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
What to show:
  summary               what the app has and becomes, in numbers (when nothing is said)
  model [entity…]       the model as JSON
  sql [entity…]         the SQL, each statement with the reason why it is there and its place in the source
  policies [entity…]    who may do what, and what each rule becomes in Postgres
  graphql [name…]       the API; of an entity its queries, mutations, type, filter and inputs; or any type
  er [entity…]          a diagram of all entities, or of these and their neighbours: mermaid, svg, dot
  states [entity]       a diagram of a lifecycle: mermaid, svg, dot
  why <object…>         why a table, column, key, check, index, policy, trigger, function or role is there

Comes alone on standard output, or goes into a file whose ending says the format. Needs no database.
`

/** `rowhouse inspect`: what an app becomes, and why each part is there. */
export function addInspectCommand(program: Command, session: Session): void {
  program
    .command('inspect')
    .description('show what an app becomes: model, SQL, policies, GraphQL, diagrams, and why')
    .argument('<folder>', 'folder of the app')
    .argument('[what]', 'what to show', 'summary')
    .argument('[names...]', 'of what')
    .option('--format <format>', 'text, json, sql, graphql, mermaid, svg or dot')
    .option('--out <file>', 'write a file instead of standard output')
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse inspect examples/invoicing',
          'rowhouse inspect examples/invoicing er --out er.svg',
          'rowhouse inspect examples/invoicing sql Order | less',
          'rowhouse inspect examples/invoicing why order_customer_fkey',
        ),
    )
    .action(
      async (
        folder: string,
        what: string,
        names: readonly string[],
        options: { readonly format?: string; readonly out?: string },
      ) => {
        const { runInspect } = await import('../inspect/run-inspect.ts')
        const { format = null, out = null } = options
        await runInspect({ folder, what, names, format, out }, session)
      },
    )
}
