import type { Command } from 'commander'
import type { Session } from '../session.ts'
export function addMigrateCommand(program: Command, _session: Session): void {
  program.command('migrate')
}
