import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { examples } from '../examples.ts'
import type { Session } from '../session.ts'

const notes = `
Adds a job for each event and each subscriber that listens to it, in the order of each row and behind what waits already.
Events keep their ids, by which subscribers know them, and the rights of whoever caused them.

Environment:
  ROWHOUSE_MIGRATE_URL  the migrator. Without it, the embedded database
`

interface Options {
  readonly since?: Date
  readonly row?: { readonly entity: string; readonly key: string }
  readonly subscriber?: string
  readonly tenant?: string
}

/** `rowhouse events replay`: hands events over once more. */
export function addEventsReplay(events: Command, session: Session): void {
  events
    .command('replay')
    .description('hand events over once more')
    .argument('<folder>', 'folder of the app')
    .option('--since <instant>', 'those written down then or later: 2026-01-31T08:00:00Z', readInstant)
    .option('--row <row>', 'those of one row: Order:0192…', readRow)
    .option('--subscriber <name>', 'to this one alone: subscribers/tell-accounting')
    .option('--tenant <slug>', 'slug or id of one tenant; without it, all of them')
    .addHelpText(
      'after',
      notes +
        examples(
          'rowhouse events replay shop --since 2026-01-31T08:00:00Z',
          'rowhouse events replay shop --row Order:01932c07-2f4b-7b3e-8a51-9d6a3f0c1e22 --subscriber subscribers/tell-accounting',
        ),
    )
    .action(async (folder: string, options: Options, command: Command) => {
      if (options.since === undefined && options.row === undefined)
        command.error('error: say which events: --since or --row')
      const { runReplay } = await import('./run-events.ts')
      const { since = null, row = null, subscriber = null, tenant = null } = options
      await runReplay(folder, { since, row, subscriber, tenant }, session)
    })
}

/** An instant as the command line says it: ISO 8601 with a zone, or a day in UTC. */
export function readInstant(text: string): Date {
  const isWritten = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const moment = new Date(text)
  if (isWritten && !Number.isNaN(moment.getTime())) return moment
  throw new InvalidArgumentError('It is written 2026-01-31T08:00:00Z or 2026-01-31.')
}

function readRow(text: string): NonNullable<Options['row']> {
  const [, entity, key] = /^([A-Za-z]\w*):(.+)$/s.exec(text) ?? []
  if (entity !== undefined && key !== undefined) return { entity, key }
  throw new InvalidArgumentError('It is written Order:<id>, or Price:["DE","3"] where several values identify a row.')
}
