import { expect, test } from 'vitest'
import { killAtRandom } from './kill-9.ts'

test('kill -9 of the server, of threads of scripts, of what runs jobs and of Postgres loses nothing, sends nothing undone and does nothing twice', async () => {
  const seed = Date.now() % 1e9
  const { counts, faults } = await killAtRandom({ kills: 3, seed, clients: 2, say: () => undefined })
  console.log(`seed ${seed}: ${JSON.stringify(counts)}`)
  expect(faults).toEqual([])
  expect(counts.parcels).toBeGreaterThan(0)
}, 600_000)
