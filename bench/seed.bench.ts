import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { sql, toText } from '#base'
import { buildCatalog, migrate, platformRoles, roleSetsAhead } from '#migrations'
import { loadModel } from '#policies'
import type { Model } from '#schema'
import { openEmbeddedPostgres, openSeed, runSeed } from '#server'
import { type Bench, median } from './bench.ts'
import { copyFloor, linesOf } from './seed-floor.ts'

/** Rows a second that large seeds are promised to reach, on two cores. */
const promised = 30_000
const app = join(import.meta.dirname, '../examples/invoicing')

/** The example's seed in a larger size, beside a plain `copy` of the same rows into the same tables. */
export const bench: Bench = {
  summary: 'the example with 200,000 orders: rows a second, beside a plain copy of the same rows',
  async run({ quick, note }) {
    const [scale, rounds] = quick ? [10, 2] : [100, 3]
    const { model } = await loadModel(app)
    const folder = mkdtempSync(join(tmpdir(), 'rowhouse-bench-rows-'))
    const lines = linesOf(model, (await openSeed(app, model, scale))!, folder)
    const times: Times = { seed: [], floor: [] }
    const memory: number[] = []
    let rows = 0
    for (let round = 0; round < rounds; round++) {
      const from = process.memoryUsage().rss
      let most = from
      await onDatabase(model, async (client) => {
        const seed = (await openSeed(app, model, scale))!
        const onProgress = () => (most = Math.max(most, process.memoryUsage().rss))
        const started = performance.now()
        const outcome = await runSeed(model, seed, {
          client,
          owner: platformRoles(model.app).owner,
          again: false,
          onProgress,
        })
        times.seed.push(performance.now() - started)
        rows = outcome.rows
      })
      memory.push((most - from) / 2 ** 20)
      await onDatabase(model, async (client) => {
        const started = performance.now()
        await copyFloor(client, platformRoles(model.app).owner, lines)
        times.floor.push(performance.now() - started)
      })
      note(
        `round ${round + 1}: ${rows} rows, seed ${perSecond(rows, times.seed)}, floor ${perSecond(rows, times.floor)} rows/s, +${Math.round(memory.at(-1)!)} MiB`,
      )
    }
    rmSync(folder, { recursive: true, force: true })
    return {
      runs: [
        { name: `seed of ${rows} rows`, ms: times.seed },
        { name: 'plain copy of the same rows', ms: times.floor },
      ],
      ratios: {
        [`rows/s / ${promised}`]: rows / (median(times.seed) / 1000) / promised,
        'memory above that before, MiB': median(memory),
        'seed / plain copy': median(times.seed) / median(times.floor),
      },
    }
  },
}

interface Times {
  readonly seed: number[]
  readonly floor: number[]
}

function perSecond(rows: number, times: readonly number[]): number {
  return Math.round(rows / (times.at(-1)! / 1000))
}

/** A migrated database of its own, in an embedded Postgres as `rowhouse dev` has it. */
async function onDatabase(model: Model, task: (client: pg.Client) => Promise<void>): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'rowhouse-bench-seed-'))
  // As root, Postgres runs as another user.
  chmodSync(data, 0o755)
  const server = await openEmbeddedPostgres({ dataFolder: data })
  try {
    await withClient(server.adminUrl, (client) =>
      client.query(toText(sql`create database ${sql.identifier(model.app)}`)),
    )
    const url = new URL(server.adminUrl)
    url.pathname = `/${model.app}`
    const roleSets = roleSetsAhead(model.roles.map(({ name }) => name))
    const names = platformRoles(model.app)
    await migrate({ appFolder: app, migrateUrl: url.href, names, catalog: buildCatalog(model), roleSets })
    await withClient(url.href, task)
  } finally {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

async function withClient<T>(connectionString: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await task(client)
  } finally {
    await client.end()
  }
}
