import { type BenchResult, median } from '../bench.ts'
import { type Requirement, requirements } from './requirements.ts'
import { type ShapeName, shapes } from './shapes.ts'

/** What a page was measured on. */
export interface Machine {
  /** As `2026-11-21`. */
  readonly date: string
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  readonly postgres: string
  /** Processes that ran or waited for a processor in the minute before the bench. */
  readonly busy: number
  /** Whether the files of Postgres were in memory: commits wait for it, not for a disk. */
  readonly isInMemory: boolean
}

/** How many asked at once; whether Postgres was far away. */
interface Setting {
  readonly title: string
  readonly connections: number
  readonly prefix: '' | 'delayed/'
}

const settings: readonly Setting[] = [
  { title: '8 at once', connections: 8, prefix: '' },
  { title: '1 at once', connections: 1, prefix: '' },
  { title: '64 at once', connections: 64, prefix: '' },
  { title: '8 at once, Postgres 1 ms away each way', connections: 8, prefix: 'delayed/' },
]

const servers = {
  ours: 'Rowhouse',
  grafserv: 'PostGraphile on grafserv',
  yoga: 'PostGraphile on GraphQL Yoga',
  floor: 'SQL by hand',
} as const

const columns = ['p50', 'p95', 'p99', 'cpu'] as const

/** `docs/performance.md`: what a full run of `npm run bench -- graphql` found. */
export function performancePage(result: BenchResult, machine: Machine): string {
  const { date, processor, cores, memoryGiB, node, postgres, busy, isInMemory } = machine
  return `# What a request costs

Written by \`npm run bench -- graphql --write\`; do not edit. ${date}, ${processor}, ${cores} cores, ${memoryGiB.toFixed(0)} GiB, Node ${node}, Postgres ${postgres}.
Servers, Postgres and who asks share that machine: ratios say more than numbers of requests. Before, ${busy.toFixed(1)} processes of others used it or waited to${busy > cores / 2 ? ', which is **too many**: what takes turns with others says little' : ''}.
Postgres commits as it does by default (\`fsync\`, \`synchronous_commit\`), with its files ${isInMemory ? 'in memory (`/dev/shm`), so that the disk is not what is compared; `ROWHOUSE_BENCH_FOLDER=/tmp` measures with it' : 'on the disk'}.

20,000 orders of the example app under its own rules. All answer the same, checked before, from one database with the same row security, for a caller with the same verified token who sees
three quarters of the larger tenant. They are measured in turn: what the machine does meanwhile meets all. Each number is the median of the rounds, and each ratio the median of
the ratios of the rounds, in which two servers met the same machine; so it need not be the quotient of the medians.

## What is required

With 8 at once: our requests a second over theirs.

${table(
  ['what', 'reached', 'required', 'goal', ''],
  requirements.map((each) => requirementRow(each, result)),
)}
${settings.map((setting) => settingPart(setting, result)).join('')}
## At rest

${memoryOf(result).toFixed(0)} MiB of memory with the example, before anything was asked.

## Who takes part

| | set up in \`bench/graphql/servers\` as |
|---|---|
| ${servers.ours} | \`ours.ts\`: as \`rowhouse start\` serves |
| ${servers.grafserv} | \`grafserv.ts\`, \`stock-schema.ts\`: the Amber preset, \`outputDataAsString\`, prepared statements, no \`explain\`, production mode |
| ${servers.yoga} | \`yoga.ts\`: the same schema by \`useGrafast\` |
| ${servers.floor} | \`floor.ts\`: \`node:http\`, one prepared statement a request that gives JSON, one transaction with the same role and claims, all sent without waiting; a token is verified once |

Each has 10 connections to Postgres and a process of its own; so has who asks, over connections that are kept. PostGraphile and Yoga verify the token of each request, as the documentation of \`jose\` has it.
The requests are in \`bench/graphql/shapes.ts\`: ${Object.keys(shapes).join(', ')}.
`
}

function requirementRow({ ratio, of, required, goal, isLimit }: Requirement, { ratios }: BenchResult): Row {
  const reached = ratios[ratio]
  const sign = isLimit ? 'at most ' : ''
  const told = goal === null ? '' : goal.toFixed(2)
  if (reached === undefined) return [of, 'not measured', `${sign}${required.toFixed(2)}`, told, '**not met**']
  const isMet = isLimit ? reached <= required : reached >= required
  const word = !isMet ? '**not met**' : goal !== null && reached >= goal ? 'goal met' : 'met'
  return [of, reached.toFixed(2), `${sign}${required.toFixed(2)}`, told, word]
}

function settingPart(setting: Setting, result: BenchResult): string {
  const { title } = setting
  const names = Object.keys(shapes) as ShapeName[]
  const rows = names.flatMap((shape) => shapeRows(shape, setting, result))
  const head = ['request', 'server', 'requests/s', 'p50 ms', 'p95 ms', 'p99 ms', 'processor ms', 'Rowhouse over it']
  return `
## ${title}

${table(head, rows)}`
}

function shapeRows(shape: ShapeName, { connections, prefix }: Setting, result: BenchResult): readonly Row[] {
  const found = new Map(result.runs.map(({ name, ms }) => [name, median(ms)]))
  return Object.entries(servers).flatMap(([server, title]): readonly Row[] => {
    const name = `${prefix}${server}/${shape}/${connections}`
    const perSecond = found.get(name)
    if (perSecond === undefined) return []
    const times = columns.map((column) => (found.get(`${name}/${column}`) ?? Number.NaN).toFixed(2))
    const ratio = result.ratios[`${prefix}vs-${server}/${shape}/${connections}`]
    return [[shape, title, perSecond.toFixed(0), ...times, ratio?.toFixed(2) ?? '']]
  })
}

function memoryOf({ runs }: BenchResult): number {
  return median(runs.find(({ name }) => name === 'ours/memory at rest')?.ms ?? [Number.NaN])
}

type Row = readonly string[]

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |\n`
  return `${line(head)}|${'---|'.repeat(head.length)}\n${rows.map(line).join('')}`
}
