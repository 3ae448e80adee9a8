import { randomBytes } from 'node:crypto'
import { KeepAliveConnection } from './keep-alive-connection.ts'
import { unique } from './shapes.ts'

/** What is asked, by how many at once, and for how long. */
export interface LoadQuestion {
  readonly url: string
  readonly token: string
  /** Sent in turn. */
  readonly bodies: readonly string[]
  readonly connections: number
  readonly ms: number
  /** However long that takes. */
  readonly leastRequests: number
}

/** What a server made of it. */
export interface LoadAnswer {
  readonly requests: number
  readonly perSecond: number
  /** Milliseconds from question to answer. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Why it failed; then the numbers say nothing. */
  readonly failure?: string
}

const open = new Map<string, KeepAliveConnection[]>()
const run = randomBytes(5).toString('hex')
let made = 0

process.on('message', (question: LoadQuestion) => {
  load(question).then(
    (answer) => process.send!(answer),
    (error: Error) => process.send!({ requests: 0, perSecond: 0, p50: 0, p95: 0, p99: 0, failure: error.message }),
  )
})
process.on('disconnect', () => process.exit())
process.send!('ready')

async function load({ url, token, bodies, connections, ms, leastRequests }: LoadQuestion): Promise<LoadAnswer> {
  const target = new URL(url)
  const before = open.get(url) ?? []
  const held = before.filter(({ isFresh }) => isFresh)
  for (const stale of before) if (!stale.isFresh) stale.close()
  open.set(url, held)
  while (held.length < connections) held.push(new KeepAliveConnection(target))
  const head = `POST ${target.pathname} HTTP/1.1\r\nhost: ${target.host}\r\nauthorization: Bearer ${token}\r\naccept: application/json\r\ncontent-type: application/json\r\ncontent-length: `
  const requests = bodies.map((body) => ({ body, isNew: body.includes(unique) }))
  const times: number[] = []
  const started = performance.now()
  let at = 0
  const work = async (connection: KeepAliveConnection) => {
    while (at < leastRequests || performance.now() - started < ms) {
      const { body, isNew } = requests[at++ % requests.length]!
      const sent = isNew ? body.replace(unique, `${run}-${(made++).toString(36)}`) : body
      const from = performance.now()
      await connection.ask(`${head}${Buffer.byteLength(sent)}\r\n\r\n${sent}`)
      times.push(performance.now() - from)
    }
  }
  await Promise.all(held.slice(0, connections).map(work))
  const perSecond = times.length / ((performance.now() - started) / 1000)
  times.sort((a, b) => a - b)
  const share = (part: number) => times[Math.min(times.length - 1, Math.floor(part * times.length))]!
  return { requests: times.length, perSecond, p50: share(0.5), p95: share(0.95), p99: share(0.99) }
}
