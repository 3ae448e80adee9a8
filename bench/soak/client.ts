import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Asker, Told } from './asker.ts'
import type { Watch } from './watch.ts'

/** Somebody who asks, and what it must be answered to questions about rows that nobody changes. */
export interface Person {
  readonly token: string
  readonly questions: readonly { readonly body: object; readonly data: unknown }[]
  /** Whose orders it makes. */
  readonly customer: string
  /** Rows of another tenant. */
  readonly foreign: string
}

/** A change that the server said is kept, or not, or said nothing of. */
export interface Ledger {
  /** Numbers of orders that must be there, once each. */
  readonly kept: Set<string>
  /** Numbers of orders that may not be there. */
  readonly refused: Set<string>
  /** Numbers of orders of which nobody said anything for sure: at most once each. */
  readonly unknown: Set<string>
}

interface Client {
  readonly asker: Asker
  readonly person: Person
  readonly watch: Watch
  readonly ledger: Ledger
}

const create =
  'mutation ($key: String, $order: OrderInput!) { createOrder(input: { idempotencyKey: $key, order: $order }) { order { id number } } }'
const remove = 'mutation ($id: UUID!) { removeOrder(input: { id: $id }) { id } }'
const both = `mutation ($order: OrderInput!, $id: UUID!) { createOrder(input: { order: $order }) { id } deleteOrder(input: { id: $id }) { id } }`

/** Asks one thing after the other until it is told to end. */
export async function runClient(client: Client, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const dice = Math.random()
    if (dice < 0.72) await readKnown(client)
    else if (dice < 0.84) await makeAndRemove(client)
    else if (dice < 0.89) await makeOnce(client)
    else if (dice < 0.94) await halfRefused(client)
    else if (dice < 0.97) await hangUp(client)
    else await nonsense(client)
  }
}

async function readKnown({ asker, person, watch }: Client): Promise<void> {
  const { body, data } = person.questions[Math.floor(Math.random() * person.questions.length)]!
  const started = performance.now()
  const told = await asker.ask(person.token, body)
  watch.count('reads')
  if (!isAnswered(told)) watch.failed(told, started, 'a read')
  else if (!isDeepStrictEqual(told.data, data)) watch.fault('wrong answers', told.text)
}

async function makeAndRemove({ asker, person, watch, ledger }: Client): Promise<void> {
  const number = randomUUID().slice(0, 18)
  const started = performance.now()
  const told = await asker.ask(person.token, { query: create, variables: { order: orderOf(person, number) } })
  watch.count('creates')
  if (!isAnswered(told)) {
    watch.failed(told, started, 'a create')
    if (told.outcome === 'unknown' || told.status === 0) ledger.unknown.add(number)
    else ledger.refused.add(number)
    return
  }
  ledger.kept.add(number)
  const { id } = told.data.createOrder.order
  const then = performance.now()
  const removed = await asker.ask(person.token, { query: remove, variables: { id } })
  watch.count('removes')
  if (!isAnswered(removed)) watch.failed(removed, then, 'a remove')
}

/** Sent until the answer is known, with one key: done once. */
async function makeOnce({ asker, person, watch, ledger }: Client): Promise<void> {
  const number = randomUUID().slice(0, 18)
  const body = { query: create, variables: { key: number, order: orderOf(person, number) } }
  for (let tries = 0; tries < 60; tries++) {
    const started = performance.now()
    const told = await asker.ask(person.token, body, { hangUpMs: tries === 0 && Math.random() < 0.2 ? 5 : null })
    watch.count('creates with a key')
    if (told.text === 'hung up') continue
    if (isAnswered(told)) {
      ledger.kept.add(number)
      return
    }
    watch.failed(told, started, 'a create with a key')
    await pause()
  }
  watch.fault('stuck requests', `nothing was said of ${number}, however often it was sent`)
  ledger.unknown.add(number)
}

/** Until another try. */
function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 500))
}

/** The second change is about a row of another tenant, so nothing of the first may stay. */
async function halfRefused({ asker, person, watch, ledger }: Client): Promise<void> {
  const number = randomUUID().slice(0, 18)
  const variables = { order: orderOf(person, number), id: person.foreign }
  const started = performance.now()
  const told = await asker.ask(person.token, { query: both, variables })
  watch.count('refused changes')
  ledger.refused.add(number)
  if (told.data === null && told.codes.includes('NOT_FOUND') && told.codes.includes('ROLLED_BACK')) return
  if (isAnswered(told)) watch.fault('wrong answers', `half of a change: ${told.text}`)
  else watch.failed(told, started, 'a change that is to be refused')
}

async function hangUp({ asker, person, watch }: Client): Promise<void> {
  const { body } = person.questions[Math.floor(Math.random() * person.questions.length)]!
  await asker.ask(person.token, body, { hangUpMs: Math.random() * 10 })
  watch.count('hung up')
}

async function nonsense({ asker, person, watch }: Client): Promise<void> {
  const [body, token, code] = oneOf([
    [{ query: '{ orders { nodes { nothing } } }' }, person.token, 'VALIDATION'],
    [{ query: '{ orders {' }, person.token, 'VALIDATION'],
    [{ query: '{ orders(first: 1) { nodes { id } } }' }, `${person.token}x`, 'UNAUTHENTICATED'],
  ] as const)
  const started = performance.now()
  const told = await asker.ask(token, body)
  watch.count('nonsense')
  if (told.codes[0] === code) return
  if (isAnswered(told)) watch.fault('wrong answers', `nonsense was answered: ${told.text}`)
  else watch.failed(told, started, 'nonsense')
}

function isAnswered({ status, codes }: Told): boolean {
  return status === 200 && codes.length === 0
}

function orderOf({ customer }: Person, number: string) {
  return { number, customerId: customer, currency: 'USD' }
}

function oneOf<T>(all: readonly T[]): T {
  return all[Math.floor(Math.random() * all.length)]!
}
