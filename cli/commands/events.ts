import type { Command } from 'commander'
import { addEventsReplay } from '../events/replay.ts'
import { addEventsSweep } from '../events/sweep.ts'
import type { Session } from '../session.ts'

/** `rowhouse events …`: what becomes of events that were written down. */
export function addEventsCommand(program: Command, session: Session): void {
  const events = program
    .command('events')
    .usage('<command> [words...]')
    .description('events that were written down: hand them over once more, delete old ones')
    .helpCommand('help [command]', 'print help')
  for (const add of [addEventsReplay, addEventsSweep]) add(events, session)
  for (const command of events.commands) command.option('--debug', 'print stacks with errors')
}
