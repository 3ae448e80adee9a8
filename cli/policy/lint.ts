import type { Command } from 'commander'
import type { Problem } from '#base'
import { loadApp } from '../app/load-app.ts'
import { examples } from '../examples.ts'
import { exitCodes } from '../exit-codes.ts'
import { sayWarnings, warningCount } from '../output/warnings.ts'
import type { Session } from '../session.ts'

const notes = `
Prints each finding with its place, a hint and the page that explains it. The same are warnings of \`rowhouse check\`. Ends with 0,
with --strict with 1 where there is any. Needs no database.
`

/** `rowhouse policy lint`: what is odd about the rules of an app. */
export function addPolicyLint(policy: Command, session: Session): void {
  policy
    .command('lint')
    .description('say what is odd about the rules: what nobody may do, what never holds, what is slow')
    .argument('[folder]', 'folder of the app', '.')
    .option('--strict', 'fail when there is anything to say')
    .addHelpText('after', notes + examples('rowhouse policy lint', 'rowhouse policy lint examples/invoicing --strict'))
    .action((folder: string, options: { readonly strict?: boolean }) => lint(folder, options, session))
}

async function lint(
  folder: string,
  { strict = false }: { readonly strict?: boolean },
  session: Session,
): Promise<void> {
  const app = await loadApp(folder, session)
  const warnings = app.warnings.filter(isAboutRules)
  sayWarnings({ folder: app.folder, warnings }, session)
  const count = warningCount(warnings)
  if (count === null) session.terminal.print(`Nothing is odd about the rules of "${app.model.app}".`)
  else if (strict) session.terminal.say(`${count}, and --strict allows none.`)
  else session.terminal.print(`${count}.`)
  if (strict && count !== null) session.exitCode = exitCodes.app
}

/** Codes of findings about policies; the others are about entities, which `rowhouse check` tells. */
function isAboutRules({ code }: Problem): boolean {
  return /^(?:RULE|POLICY|CONDITION|ROLE|ACTOR)_/.test(code)
}
