import { type HostileRequest, hostileOfVisitors, hostileRequests } from '../test/abuse/hostile-requests.ts'
import { sendRequest } from '../test/abuse/send-request.ts'
import { type Bench, type BenchResult, median, type Run } from './bench.ts'
import { type Child, startChild } from './graphql/child.ts'
import { openExampleDatabase } from './graphql/example-database.ts'
import type { Usage } from './graphql/servers/serving.ts'

/** Milliseconds of processors that a request may cost which is refused. */
const limitMs = 50

/** Requests of everybody, before anything is measured: what is compiled only once, is compiled then. */
const warmUpRequests = 300

/**
 * Requests of the abuse suite, each refused by a server in production: milliseconds of processors that its process spends on each, the time of Postgres left out. They hardly
 * depend on what else the machine does. No document is sent twice, so that none is known.
 *
 * - `<name>/ms-cpu-of-50`: the middle of several times over what is allowed.
 * - `largest/ms-cpu-of-50`: the largest of these.
 */
export const bench: Bench = {
  summary: 'milliseconds of processors that a hostile request costs until it is refused, of the 50 that are allowed',
  async run({ quick, note }) {
    const rounds = quick ? 5 : 15
    const database = await openExampleDatabase(1)
    try {
      const [{ url }, server] = await startChild<{ readonly url: string }, 'usage', Usage>('servers/ours.ts', {
        databaseUrl: database.loginUrl,
        folder: database.folder,
      })
      note('started')
      try {
        const target: Target = { url, token: database.token, server }
        await warmUp(target)
        return resultOf(await measureAll(target, rounds))
      } finally {
        await server.close()
      }
    } finally {
      await database.close()
    }
  },
}

interface Target {
  readonly url: string
  readonly token: string
  readonly server: Child<'usage', Usage>
}

interface Hostile {
  readonly request: HostileRequest
  readonly token: string | null
}

async function warmUp(target: Target): Promise<void> {
  const usual: HostileRequest = {
    ...{ name: 'usual', method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json' } },
    body: '{"query":"{ orders(first: 5) { nodes { id number customer { name } } } }"}',
    refused: { status: 200, code: '', limit: null },
  }
  for (let at = 0; at < warmUpRequests; at++) await sendRequest(target.url, unlike(usual, at), target.token)
}

/** By rounds, each of which sends all: a slow moment of the machine meets one time of each, not all of one. */
async function measureAll(target: Target, rounds: number): Promise<readonly Run[]> {
  const hostile = [
    ...hostileRequests.map((request): Hostile => ({ request, token: target.token })),
    ...hostileOfVisitors.map((request): Hostile => ({ request, token: null })),
  ]
  const times = new Map(hostile.map(({ request }) => [request.name, [] as number[]]))
  for (let round = 0; round <= rounds; round++)
    for (const each of hostile) {
      const ms = await cpuOf(target, each, round)
      // Of the first round the server learns what they are like.
      if (round > 0) times.get(each.request.name)!.push(ms)
    }
  return [...times].map(([name, ms]) => ({ name, ms }))
}

async function cpuOf({ url, server }: Target, { request, token }: Hostile, round: number): Promise<number> {
  const before = await server.ask('usage')
  const { status, text } = await sendRequest(url, unlike(request, round), token)
  const after = await server.ask('usage')
  if (status !== request.refused.status || !text.includes(`"code":"${request.refused.code}"`))
    throw new Error(`"${request.name}" was not refused as it should be: ${status} ${text.slice(0, 300)}`)
  return after.cpuMs - before.cpuMs
}

/** The same with another text of its document. */
function unlike(request: HostileRequest, round: number): HostileRequest {
  const { body } = request
  return typeof body === 'string'
    ? { ...request, body: body.replaceAll('"query":"', `"query":"#${round}\\n`) }
    : request
}

function resultOf(runs: readonly Run[]): BenchResult {
  const costs = runs.map(({ name, ms }) => [name, median(ms) / limitMs] as const)
  const ratios = Object.fromEntries(costs.map(([name, cost]) => [`${name}/ms-cpu-of-50`, cost]))
  return { runs, ratios: { ...ratios, 'largest/ms-cpu-of-50': Math.max(...costs.map(([, cost]) => cost)) } }
}
