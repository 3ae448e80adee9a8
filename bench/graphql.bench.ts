import { type Bench, type BenchResult, median, type Run } from './bench.ts'
import { assertSameAnswers } from './graphql/answers.ts'
import { type Contest, type Contestant, openContest } from './graphql/contest.ts'
import { type ExampleDatabase, openExampleDatabase } from './graphql/example-database.ts'
import type { LoadAnswer } from './graphql/load.ts'
import { performancePage } from './graphql/performance-page.ts'
import { bodiesOf, type ShapeName, type Subjects, shapes } from './graphql/shapes.ts'
import { findSubjects } from './graphql/subjects.ts'
import { busyBefore, thisMachine } from './graphql/this-machine.ts'

/** How many ask at once. */
const connectionCounts = [1, 8, 64] as const

/** Of the API at rest, that the README promises. */
const memoryLimit = 250

interface Pace {
  readonly rounds: number
  readonly roundMs: number
  /** Of each shape to each server, before it is measured. */
  readonly warmUpRequests: number
}

type Measured = LoadAnswer & {
  /** Milliseconds of processors that the server spent on a request, Postgres left out. */
  readonly cpu: number
}

/**
 * 20,000 orders of the example under its own rules; who asks sees three quarters of the larger tenant.
 *
 * - `vs-grafserv/…`, `vs-yoga/…`, `vs-floor/…`: our requests a second over theirs; more than 1: we are faster.
 * - `delayed/…`: the same with 1 ms to Postgres each way.
 * - `cpu/…`: the time of processors that they spend on a request in their process over ours, which hardly depends on what else the machine does.
 */
export const bench: Bench = {
  summary: 'requests a second beside stock PostGraphile on grafserv and on yoga, and SQL by hand',
  async run({ quick, note }) {
    const pace = quick
      ? { rounds: 5, roundMs: 60, warmUpRequests: 200 }
      : { rounds: 9, roundMs: 500, warmUpRequests: 1500 }
    const busy = busyBefore()
    const database = await openExampleDatabase(10)
    try {
      const contest = await openContest(database)
      note('filled and started')
      try {
        const subjects = await findSubjects(database)
        const { memory } = await contest.contestants[0]!.usage()
        await assertSameAnswers(contest.contestants, subjects, database.token)
        const found = withMemory(await compare({ contest, subjects, database, pace }, note), memory)
        const text = performancePage(found, await thisMachine(database, busy))
        return { ...found, page: { path: 'docs/performance.md', text } }
      } finally {
        await contest.close()
      }
    } finally {
      await database.close()
    }
  },
}

interface Comparison {
  readonly contest: Contest
  readonly subjects: Subjects
  readonly database: ExampleDatabase
  readonly pace: Pace
}

async function compare(comparison: Comparison, note: (line: string) => void): Promise<BenchResult> {
  const { contestants } = comparison.contest
  const runs: Run[] = []
  const ratios: Record<string, number> = {}
  const near = contestants.filter(({ isDelayed }) => !isDelayed)
  const delayed = contestants.filter(({ isDelayed }) => isDelayed)
  for (const shape of Object.keys(shapes) as ShapeName[]) {
    await inRounds(comparison, { shape, connections: 8, of: contestants, isWarmUp: true })
    for (const connections of connectionCounts) {
      for (const of of connections === 8 ? [near, delayed] : [near]) {
        const found = resultOf(await inRounds(comparison, { shape, connections, of, isWarmUp: false }), {
          at: `${shape}/${connections}`,
          of,
        })
        runs.push(...found.runs)
        Object.assign(ratios, found.ratios)
      }
    }
    note(shape)
  }
  return { runs, ratios }
}

interface Cell {
  readonly shape: ShapeName
  readonly connections: number
  readonly of: readonly Contestant[]
  readonly isWarmUp: boolean
}

/** What each made of each round. All take part in every round, none always after the same other. */
async function inRounds(comparison: Comparison, cell: Cell): Promise<ReadonlyMap<string, readonly Measured[]>> {
  const { of, isWarmUp } = cell
  const found = new Map(of.map(({ name }) => [name, [] as Measured[]]))
  for (let round = 0; round < (isWarmUp ? 1 : comparison.pace.rounds); round++) {
    const turned = [...of.slice(round % of.length), ...of.slice(0, round % of.length)]
    for (const contestant of round % 2 === 0 ? turned : turned.reverse()) {
      found.get(contestant.name)!.push(await oneRound(comparison, cell, contestant))
    }
  }
  return found
}

async function oneRound(
  { contest, subjects, database, pace }: Comparison,
  { shape, connections, isWarmUp }: Cell,
  { name, url, dialect, usage }: Contestant,
): Promise<Measured> {
  const before = await usage()
  const answer = await contest.load.ask({
    url,
    token: database.token,
    bodies: bodiesOf(shape, dialect, subjects),
    connections,
    ms: isWarmUp ? 0 : pace.roundMs,
    leastRequests: isWarmUp ? pace.warmUpRequests : connections,
  })
  if (answer.failure !== undefined) throw new Error(`${name}, ${shape}: ${answer.failure}`)
  const { cpuMs } = await usage()
  return { ...answer, cpu: (cpuMs - before.cpuMs) / answer.requests }
}

function resultOf(
  found: ReadonlyMap<string, readonly Measured[]>,
  { at, of }: { readonly at: string; readonly of: readonly Contestant[] },
): BenchResult {
  const runs = of.flatMap(({ name }): readonly Run[] => {
    const values = (what: keyof Omit<Measured, 'failure'>) => found.get(name)!.map((measured) => measured[what])
    const times = (['p50', 'p95', 'p99', 'cpu'] as const).map((what) => ({
      name: `${name}/${at}/${what}`,
      ms: values(what),
    }))
    return [{ name: `${name}/${at}`, ms: values('perSecond'), unit: 'requests/s' }, ...times]
  })
  const ours = found.get(of.find(({ dialect }) => dialect === 'ours')!.name)!
  const others = of.filter(({ dialect }) => dialect !== 'ours')
  const ratios = others.flatMap(({ name, against }): readonly (readonly [string, number])[] => {
    const theirs = found.get(name)!
    // Of one round each, so that what else the machine does meets both.
    return [
      [`${against}/${at}`, median(ours.map(({ perSecond }, round) => perSecond / theirs[round]!.perSecond))],
      [`cpu/${against}/${at}`, median(ours.map(({ cpu }, round) => theirs[round]!.cpu / cpu))],
    ]
  })
  return { runs, ratios: Object.fromEntries(ratios) }
}

function withMemory({ runs, ratios }: BenchResult, memory: number): BenchResult {
  return {
    runs: [...runs, { name: 'ours/memory at rest', ms: [memory], unit: 'MiB' }],
    ratios: { ...ratios, [`memory at rest / limit of ${memoryLimit} MiB`]: memory / memoryLimit },
  }
}
