import { setTimeout as sleep } from 'node:timers/promises'
import { signDevToken } from '#server'
import { acme, type KillPlace, openKillPlace } from './kill-9-place.ts'

/** How often and by which numbers to kill. */
export interface KillOptions {
  readonly kills: number
  /** The same one gives the same victims and waits. */
  readonly seed: number
  readonly clients?: number
  readonly say: (line: string) => void
}

/** What happened, by what it is; faults are sentences. */
export interface KillReport {
  readonly counts: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

const victims = ['server', 'thread', 'runner', 'postgres', 'backend'] as const

/**
 * Load of changes, actions, scripts, transitions, events and jobs while server, threads of scripts, runner and Postgres are killed at random points.
 * What was answered must be there once, with each of its events and jobs done once; what was rolled back must have left nothing.
 */
export async function killAtRandom({ kills, seed, clients = 6, say }: KillOptions): Promise<KillReport> {
  const random = numbersOf(seed)
  const place = await openKillPlace()
  const ledger: Ledger = { parcels: new Map(), bumps: new Map(), sent: new Map(), doomed: new Set(), unclear: 0 }
  const counts: Record<string, number> = { kills: 0 }
  try {
    const authorization = `Bearer ${await signDevToken(place.keys, { app: place.app, sub: acme, tenant: acme, roles: ['clerk'], claims: {} })}`
    let isOver = false
    const load = Array.from({ length: clients }, (_, at) =>
      runClient({ place, ledger, authorization, at, isOver: () => isOver }),
    )
    for (let at = 0; at < kills; at++) {
      await sleep(200 + random() * 1300)
      const victim = victims[Math.floor(random() * victims.length)]!
      say(`kill ${at + 1} of ${kills}: ${victim}`)
      counts.kills! += 1
      counts[`kills of ${victim}`] = (counts[`kills of ${victim}`] ?? 0) + 1
      await place.kill(victim)
    }
    await sleep(1000)
    isOver = true
    await Promise.all(load)
    await drained(place, say)
    return { counts: { ...counts, ...(await countsOf(place, ledger)) }, faults: await faultsOf(place, ledger) }
  } finally {
    await place.close()
  }
}

interface Ledger {
  /** Token → id of each parcel that was answered. */
  readonly parcels: Map<string, string>
  /** Token → parcel of each action that was answered. */
  readonly bumps: Map<string, string>
  /** Id → how many of those who sent it at once were told that they did. */
  readonly sent: Map<string, number>
  /** Tokens of changes that fail as a whole. */
  readonly doomed: Set<string>
  /** Requests that were sent again with their key. */
  unclear: number
}

interface Load {
  readonly place: KillPlace
  readonly ledger: Ledger
  readonly authorization: string
  readonly at: number
  readonly isOver: () => boolean
}

const make = `mutation ($token: String!, $key: String) {
  createParcel(input: { parcel: { token: $token }, idempotencyKey: $key }) { id } }`
const bump = `mutation ($id: UUID!, $token: String!, $key: String) {
  bumpParcel(input: { id: $id, token: $token, idempotencyKey: $key }) { __typename } }`
const send = `mutation ($id: UUID!, $key: String) {
  sendParcel(input: { id: $id, idempotencyKey: $key }) { __typename } }`
const doom = `mutation ($token: String!) {
  createParcel(input: { parcel: { token: $token } }) { id }
  removeParcel(input: { id: "00000000-0000-7000-8000-000000000bad" }) { __typename } }`

async function runClient(load: Load): Promise<void> {
  const { ledger, at, isOver } = load
  for (let turn = 0; !isOver(); turn++) {
    const token = `${at}-${turn}`
    const made = await untilKept(load, make, { token, key: `make ${token}` })
    const { id } = made!.createParcel as { readonly id: string }
    ledger.parcels.set(token, id)
    for (let time = 0; time < 2; time++) {
      const variables = { id, token: `${token}-${time}`, key: `bump ${token} ${time}` }
      await untilKept(load, bump, variables)
      ledger.bumps.set(variables.token, id)
    }
    const senders = ['first', 'second'].map((who) => untilKept(load, send, { id, key: `send ${token} ${who}` }))
    ledger.sent.set(id, (await Promise.all(senders)).filter((answer) => answer !== null).length)
    const doomed = `doomed-${token}`
    ledger.doomed.add(doomed)
    const answer = await post(load, doom, { token: doomed })
    if (answer?.data?.createParcel != null) throw new Error(`A change was to fail: ${JSON.stringify(answer)}`)
  }
}

/** Sends it with its key until it is answered that it is kept; null: that somebody was quicker. */
async function untilKept(load: Load, query: string, variables: object) {
  for (;;) {
    const answer = await post(load, query, variables)
    if (answer?.data != null && answer.errors === undefined) return answer.data
    const { code = 'UNAVAILABLE', state } = answer?.errors?.[0]?.extensions ?? {}
    if (state === 'sent') return null
    load.ledger.unclear += 1
    if (!['UNAVAILABLE', 'INTERNAL', 'TIMEOUT', 'CONFLICT'].includes(code))
      throw new Error(`It was refused: ${JSON.stringify(answer)}`)
    await sleep(50)
  }
}

interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly extensions?: { readonly code?: string; readonly state?: string } }[]
}

/** Null where nobody answered. */
async function post({ place, authorization }: Load, query: string, variables: object): Promise<Answer | null> {
  const url = place.url()
  if (url === null) {
    await sleep(50)
    return null
  }
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    })
    return (await response.json()) as Answer
  } catch {
    return null
  }
}

/** Resolves when no job is left. */
async function drained(place: KillPlace, say: (line: string) => void): Promise<void> {
  for (let round = 0; ; round++) {
    const [row] = await place.ask('select count(*)::int as n from rowhouse_queue.job')
    if (row!.n === 0) return
    if (round % 50 === 0) say(`${String(row!.n)} jobs are left`)
    await sleep(100)
  }
}

const totals = {
  parcels: 'select count(*)::int as n from app.parcel',
  events: 'select count(*)::int as n from rowhouse.event',
  'events handed over': 'select count(*)::int as n from app.note',
  transitions: 'select count(*)::int as n from app.parcel_transition',
  'effects of scripts': 'select count(*)::int as n from app.parcel where seal is not null',
  'effects of jobs': `select count(*)::int as n from app.stamp where event <> 'bump'`,
  'effects of actions': `select count(*)::int as n from app.stamp where event = 'bump'`,
} as const

async function countsOf(place: KillPlace, ledger: Ledger): Promise<Readonly<Record<string, number>>> {
  const { parcels, bumps, sent, doomed, unclear } = ledger
  const told = {
    'changes answered': parcels.size + bumps.size + sent.size,
    'changes sent again': unclear,
    'changes doomed': doomed.size,
  }
  const counted = await Promise.all(
    Object.entries(totals).map(async ([what, text]) => [what, Number((await place.ask(text))[0]!.n)] as const),
  )
  return { ...told, ...Object.fromEntries(counted) }
}

/** Each finds what must not be, with a word of what it is. */
const wrongs = {
  'is there twice': 'select token as what from app.parcel group by token having count(*) > 1',
  'was rolled back, and is there': `select token as what from app.parcel where token like 'doomed%'`,
  'was rolled back, and was sent': `select key as what from rowhouse.event where data->'values'->>'token' like 'doomed%'
    union all select token from app.stamp where token like 'doomed%'`,
  'was done twice': `select token as what from app.stamp where event = 'bump' group by token having count(*) > 1`,
  'has another step than actions': `select p.token as what from app.parcel p where p.step <>
    (select count(*) from app.stamp s where s.event = 'bump' and s.token like p.token || '-%')`,
  'has no event, or too many': `select p.token as what from app.parcel p where
    (select count(*) from rowhouse.event e where e.key = p.id::text and e.type = 'created') <> 1
    or (select count(*) from rowhouse.event e where e.key = p.id::text and e.type = 'updated') <> p.step`,
  'is sealed by another step than its last': `select token as what from app.parcel
    where step > 0 and seal not like token || '/' || step || '/%'`,
  'is in a state that its transitions do not lead to, or its event or label is not there once': `select p.token as what
    from app.parcel p where (p.status = 'sent')::int <> all (array[
      (select count(*) from app.parcel_transition t where t.parcel_id = p.id and t.verb = 'send'),
      (select count(*) from rowhouse.event e where e.key = p.id::text and e.type = 'sent'),
      (select count(*) from app.stamp s where s.event = 'label' and s.token = p.id::text)])`,
  'is an event without its row': `select e.key as what from rowhouse.event e where not exists
    (select from app.parcel p where p.id::text = e.key)`,
  'was not handed over once': `select e.id::text as what from rowhouse.event e where
    (select count(*) from app.note n where n.event = e.id::text) <> 1`,
  'was handed over, and never happened': `select n.event as what from app.note n where not exists
    (select from rowhouse.event e where e.id::text = n.event)`,
  'was handed over out of turn': `select parcel as what from (select parcel, revision, lag(revision) over
    (partition by parcel order by id) as before from app.note) n where before > revision`,
  'has a job that was not done once': `select e.id::text as what from rowhouse.event e where e.type = 'created' and
    (select count(*) from app.stamp s where s.event = e.id::text) <> 1`,
  'failed for good': 'select task || error as what from rowhouse_queue.failed_job',
  'is left of a delivery': 'select job_id::text as what from rowhouse_queue.delivery',
} as const

async function faultsOf(place: KillPlace, ledger: Ledger): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(wrongs).map(async ([how, text]) =>
      (await place.ask(text)).map(({ what }) => `${String(what)} ${how}`),
    ),
  )
  const there = new Map((await place.ask('select id, token from app.parcel')).map(({ id, token }) => [token, id]))
  const done = new Set((await place.ask(`select token from app.stamp where event = 'bump'`)).map(({ token }) => token))
  const sent = new Set((await place.ask(`select id from app.parcel where status = 'sent'`)).map(({ id }) => id))
  return [
    ...found.flat(),
    ...[...ledger.sent]
      .filter(([id, winners]) => winners !== 1 || !sent.has(id))
      .map(([id, winners]) => `${id} was sent by ${winners} at once, or is not sent`),
    ...[...ledger.parcels]
      .filter(([token, id]) => there.get(token) !== id)
      .map(([token]) => `${token} was answered, and is lost`),
    ...[...ledger.bumps.keys()]
      .filter((token) => !done.has(token))
      .map((token) => `${token} was answered, and is lost`),
  ]
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
