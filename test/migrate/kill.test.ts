import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { migrate, renderCatalog, writeFirstMigration } from '#migrations'
import { calculateHash, graphileMigrate } from '../../migrations/run/graphile-migrate.ts'
import { useAppFolders } from '../migrations/run/app-folder.ts'
import { sampleCatalog } from '../migrations/sample-catalog.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const newFolder = useAppFolders()

// The run stops at a statement that waits for a lock of the test; so the kill lands between two statements, always.
const gate = 815

test.each(['first', 'middle', 'last'])(
  'a run killed at the %s statement leaves nothing, and the next one finishes',
  async (at) => {
    const db = await createTestDatabase({ prepared: false, migrator: 'plain' })
    const appFolder = await newFolder()
    const options = {
      appFolder,
      migrateUrl: db.migratorUrl,
      names: db.names,
      catalog: sampleCatalog,
      roleSets: [['sales'], ['sales', 'manager']],
    }
    try {
      const file = join(appFolder, await writeFirstMigration(appFolder, sampleCatalog, 'initial'))
      await writeFile(file, gated(renderCatalog(sampleCatalog), at))
      await db.migrator.query('select pg_advisory_lock($1)', [gate])
      const child = spawn(process.execPath, [join(import.meta.dirname, 'run-migrate.ts'), JSON.stringify(options)])
      const ended = once(child, 'exit')
      const pid = await waitingBackend(db)
      child.kill('SIGKILL')
      await ended
      await db.migrator.query('select pg_advisory_unlock($1)', [gate])
      await goneBackend(db, pid)
      const { rows } = await db.migrator.query(
        `select (select count(*)::int from pg_class where relnamespace = 'app'::regnamespace) as relations,
              (select count(*)::int from graphile_migrate.migrations) as applied`,
      )
      expect(rows).toEqual([{ relations: 0, applied: 0 }])
      expect((await migrate(options)).applied).toEqual(['000001-initial.sql'])
      expect((await migrate(options)).applied).toEqual([])
    } finally {
      await db.close()
    }
  },
)

function gated(text: string, at: string): string {
  const wait = `select pg_advisory_xact_lock(${gate});`
  const middle = text.indexOf('create or replace function')
  const body =
    at === 'first'
      ? `${wait}\n${text}`
      : at === 'last'
        ? `${text}\n${wait}`
        : `${text.slice(0, middle)}${wait}\n${text.slice(middle)}`
  return graphileMigrate.serializeMigration(body, { Previous: '-', Hash: calculateHash(body, null) })
}

async function waitingBackend(db: TestDatabase): Promise<number> {
  for (;;) {
    const { rows } = await db.migrator.query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and objid = $1 and not granted`,
      [gate],
    )
    if (rows[0] !== undefined) return rows[0].pid
    await sleep(20)
  }
}

async function goneBackend(db: TestDatabase, pid: number): Promise<void> {
  for (;;) {
    const { rows } = await db.migrator.query('select from pg_stat_activity where pid = $1', [pid])
    if (rows.length === 0) return
    await sleep(20)
  }
}
