import type { Command } from 'commander'
import { addPolicyExplain } from '../policy/explain.ts'
import { addPolicyLint } from '../policy/lint.ts'
import { addPolicyMatrix } from '../policy/matrix.ts'
import { addPolicyTest } from '../policy/test.ts'
import { addPolicyWhy } from '../policy/why.ts'
import type { Session } from '../session.ts'

/** Each adds one sub-command of `rowhouse policy`, from a file of its own in cli/policy. */
const subcommands: readonly ((policy: Command, session: Session) => void)[] = [
  addPolicyExplain,
  addPolicyLint,
  addPolicyMatrix,
  addPolicyTest,
  addPolicyWhy,
]

/** `rowhouse policy …`: tools for those who write rules. */
export function addPolicyCommand(program: Command, session: Session): void {
  const policy = program
    .command('policy')
    .usage('<command> [words...]')
    .description('tools for those who write rules: what the rules say, and what is odd about them')
    .addHelpText(
      'after',
      '\nThe folder of the app is the current one, unless a word names another.\n\nExamples:\n  $ rowhouse policy explain Order examples/invoicing\n  $ rowhouse policy lint examples/invoicing',
    )
    .helpCommand('help [command]', 'print help')
  for (const add of subcommands) add(policy, session)
  for (const command of policy.commands) command.option('--debug', 'print stacks with errors')
}
