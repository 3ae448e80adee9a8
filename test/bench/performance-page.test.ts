import { expect, test } from 'vitest'
import type { BenchResult, Run } from '../../bench/bench.ts'
import { performancePage } from '../../bench/graphql/performance-page.ts'
import { requirements } from '../../bench/graphql/requirements.ts'
import { shapes } from '../../bench/graphql/shapes.ts'

const machine = {
  date: '2026-11-21',
  processor: 'A Processor',
  cores: 2,
  memoryGiB: 8,
  node: '24.1.0',
  postgres: '18.0',
  busy: 0.2,
  isInMemory: true,
}

/** As the bench names what it found: three rounds of each. */
function runsOf(name: string, perSecond: number): readonly Run[] {
  const rounds = (middle: number) => [middle * 2, middle, middle / 2]
  const times = { p50: 1.25, p95: 2.5, p99: 5, cpu: 0.3 }
  const more = Object.entries(times).map(([what, ms]) => ({ name: `${name}/${what}`, ms: rounds(ms) }))
  return [{ name, ms: rounds(perSecond), unit: 'requests/s' }, ...more]
}

const found: BenchResult = {
  runs: [
    ...runsOf('ours/by-id/8', 3000),
    ...runsOf('grafserv/by-id/8', 1500),
    ...runsOf('floor/by-id/8', 6000),
    ...runsOf('delayed/ours/by-id/8', 1200),
    ...runsOf('delayed/grafserv/by-id/8', 500),
    { name: 'ours/memory at rest', ms: [170.4], unit: 'MiB' },
  ],
  ratios: {
    'vs-grafserv/by-id/8': 2,
    'vs-floor/by-id/8': 0.5,
    'vs-floor/list-20/8': 0.6,
    'delayed/vs-grafserv/by-id/8': 2.4,
    'memory at rest / limit of 250 MiB': 0.68,
  },
}

test('the page of performance says plainly what is met and what is not', () => {
  const page = performancePage(found, machine)
  const rows = page.split('\n').filter((line) => line.startsWith('|'))
  expect(rows).toEqual(
    expect.arrayContaining([
      '| by-id against PostGraphile on grafserv | 2.00 | 1.50 | 1.80 | goal met |',
      '| by-id against SQL by hand | 0.50 | 0.55 | 0.70 | **not met** |',
      '| list-20 against SQL by hand | 0.60 | 0.55 | 0.70 | met |',
      '| by-id against PostGraphile on grafserv, Postgres far away | 2.40 | 2.50 |  | **not met** |',
      '| nested against PostGraphile on grafserv | not measured | 1.50 | 1.80 | **not met** |',
      '| memory at rest, as a part of 250 MiB | 0.68 | at most 1.00 |  | met |',
      '| by-id | Rowhouse | 3000 | 1.25 | 2.50 | 5.00 | 0.30 |  |',
      '| by-id | PostGraphile on grafserv | 1500 | 1.25 | 2.50 | 5.00 | 0.30 | 2.00 |',
      '| by-id | PostGraphile on grafserv | 500 | 1.25 | 2.50 | 5.00 | 0.30 | 2.40 |',
    ]),
  )
  expect(page).toContain('2026-11-21, A Processor, 2 cores, 8 GiB, Node 24.1.0, Postgres 18.0.')
  expect(page).toContain('170 MiB of memory')
  expect(page).not.toContain('NaN')
  expect(page).not.toContain('too many')
  expect(performancePage(found, { ...machine, busy: 7 })).toContain(
    '7.0 processes of others used it or waited to, which is **too many**',
  )
  expect(page).toContain('files in memory')
  expect(performancePage(found, { ...machine, isInMemory: false })).toContain('files on the disk')
})

test('every request has what is required of it against PostGraphile, near and far', () => {
  const ratios = requirements.map(({ ratio }) => ratio)
  for (const shape of Object.keys(shapes))
    expect(ratios).toEqual(expect.arrayContaining([`vs-grafserv/${shape}/8`, `delayed/vs-grafserv/${shape}/8`]))
  for (const shape of ['by-id', 'list-20', 'nested']) expect(ratios).toContain(`vs-floor/${shape}/8`)
})
