import { expect, test } from 'vitest'
import { useExampleServer } from '../support/example-server.ts'

const example = useExampleServer({ poolSize: 4, statementTimeoutMs: 400 })

/** Somebody, and what the answers must be, whoever else asks at the same time on the same four connections. */
interface Caller {
  readonly token: string | null
  readonly customers: number | null
  readonly organizations: number
  readonly me: readonly string[]
  readonly mayPrice: boolean
}

async function callers(): Promise<readonly Caller[]> {
  const { people, token } = example()
  const { ada, sam, mia, gil } = people
  const of = (sub: string, tenant: string, roles: readonly string[], claims = {}) =>
    token({ sub, tenant, roles, claims })
  return [
    {
      token: await of(sam.id, sam.tenant, ['sales']),
      customers: 20,
      organizations: 2,
      me: ['Sam Okafor'],
      mayPrice: false,
    },
    {
      token: await of(mia.id, mia.tenant, ['sales']),
      customers: 30,
      organizations: 3,
      me: ['Mia Rossi'],
      mayPrice: false,
    },
    {
      token: await of(ada.id, ada.tenant, ['admin']),
      customers: 40,
      organizations: 4,
      me: ['Ada Lindgren'],
      mayPrice: true,
    },
    {
      token: await of(gil.id, gil.tenant, ['sales']),
      customers: 12,
      organizations: 1,
      me: ['Gil Santos'],
      mayPrice: false,
    },
    {
      token: await of(sam.id, sam.tenant, ['accountant']),
      customers: 40,
      organizations: 4,
      me: ['Sam Okafor'],
      mayPrice: false,
    },
    // Where sam works, and Europe besides; the same roles without the claim.
    {
      token: await of(sam.id, sam.tenant, ['lead'], { region: 'eu' }),
      customers: await europe(),
      organizations: 4,
      me: ['Sam Okafor'],
      mayPrice: true,
    },
    {
      token: await of(sam.id, sam.tenant, ['lead']),
      customers: 20,
      organizations: 4,
      me: ['Sam Okafor'],
      mayPrice: true,
    },
    { token: await of(sam.id, sam.tenant, []), customers: null, organizations: 2, me: ['Sam Okafor'], mayPrice: false },
  ]
}

async function europe(): Promise<number> {
  const filter =
    'filter: { or: [{ region: { equalTo: eu } }, { organization: { name: { in: ["Acme North", "Acme West"] } } }] }'
  return (await example().ask('ada', `{ customers(${filter}) { totalCount } }`)).data.customers.totalCount
}

const read = '{ customers { totalCount } organizations { totalCount } users { nodes { name } } }'
const price =
  'mutation ($id: UUID!) { updateProduct(input: { id: $id, patch: { weight: 1.5 } }) { product { weight } } }'
const failing = [
  'mutation { createCustomer(input: { customer: { number: "C-0001", name: "x", region: eu, organizationId: "01980000-0000-7000-8000-00000000dead" } }) { id } }',
  '{ customers(filter: { creditLimit: { greaterThan: "1e999" } }) { totalCount } orders(offset: -1) { totalCount } }',
  'mutation { removeOrder(input: { id: "01980000-0000-7000-8000-00000000dead" }) { id } }',
]
/** Waits for a table that is held, until its statement has taken too long. */
const slow = '{ payments { totalCount } }'

async function ask({ token }: Caller, query: string, variables: object = {}, signal?: AbortSignal) {
  const response = await fetch(`${example().server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
    ...(signal === undefined ? {} : { signal }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape that was asked for
  return (await response.json()) as { data: any; errors?: { extensions: { code: string } }[] }
}

test('forty requests at once of eight people on four connections, with failures, timeouts and cancelled requests in between, never meet', async () => {
  const everybody = await callers()
  const { database, log } = example()
  const { data } = await ask(everybody[2]!, '{ products(first: 1) { nodes { id } } }')
  const codes = new Set<string>()
  await database.asRole(database.names.owner, async (client) => {
    await client.query('lock table app.payment in access exclusive mode')
    for (let round = 0; round < 6; round++) {
      const asked = Array.from({ length: 40 }, (_, n) => {
        const caller = everybody[(n * 5 + round) % everybody.length]!
        return request(caller, n, { product: data.products.nodes[0].id, codes })
      })
      await Promise.all(asked)
    }
  })
  expect([...codes].sort((a, b) => (a < b ? -1 : 1))).toEqual(['FORBIDDEN', 'NOT_FOUND', 'TIMEOUT', 'VALIDATION'])
  expect(log.filter(({ kind }) => kind === 'internal-error')).toEqual([])
})

interface Round {
  readonly product: string
  readonly codes: Set<string>
}

async function request(caller: Caller, n: number, { product, codes }: Round): Promise<void> {
  switch (n % 5) {
    case 0: {
      const cancelled = new AbortController()
      setTimeout(() => cancelled.abort(), n % 9)
      await ask(caller, n % 2 === 0 ? read : slow, {}, cancelled.signal).catch(() => null)
      return
    }
    case 1: {
      const { errors = [] } = await ask(caller, n % 10 === 1 ? slow : failing[n % failing.length]!)
      expect(errors.length).toBeGreaterThan(0)
      for (const { extensions } of errors) codes.add(extensions.code)
      return
    }
    case 2: {
      const { data } = await ask(caller, price, { id: product })
      return expect(data.updateProduct !== null, 'whether the product may be changed').toBe(caller.mayPrice)
    }
    default: {
      const { data } = await ask(caller, read)
      expect(data.customers?.totalCount ?? null).toBe(caller.customers)
      expect(data.organizations.totalCount).toBe(caller.organizations)
      expect(data.users.nodes.map(({ name }: { name: string }) => name)).toEqual(caller.me)
    }
  }
}
