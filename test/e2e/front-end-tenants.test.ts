import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, isEnumType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type Attempt,
  type AttemptSource,
  type List,
  listQuery,
  listsOf,
  tenantAttempts,
} from '../attack/tenant-attempts.ts'
import { contentsOf, examplePatch, exampleRow, type TenantRows, tenantRows } from '../support/example-rows.ts'
import { useExampleServer } from '../support/example-server.ts'

const example = useExampleServer()

/** Somebody who tries to learn of the other tenant. */
interface Caller {
  readonly name: string
  readonly token: string
  readonly own: TenantRows
  readonly foreign: TenantRows
  /** Every id of the other tenant. */
  readonly secret: ReadonlySet<string>
  /** Somebody of the other tenant who sees it whole. */
  readonly insider: string
}

let schema: GraphQLSchema
const callers: Caller[] = []
const everyRole = ['accountant', 'admin', 'lead', 'sales']

beforeAll(async () => {
  const { ask, people, token } = example()
  schema = buildClientSchema((await ask('ada', getIntrospectionQuery())).data)
  const [acme, globex] = [people.ada.tenant, people.gil.tenant]
  const rows = { [acme]: await tenantRows(example(), acme), [globex]: await tenantRows(example(), globex) }
  const insiders = {
    [acme]: await token({ sub: people.ada.id, tenant: acme, roles: ['admin'] }),
    [globex]: await token({ sub: people.gil.id, tenant: globex, roles: ['admin'] }),
  }
  const meet = async (name: string, sub: string, tenant: string, roles: readonly string[]) => {
    const other = tenant === acme ? globex : acme
    const tenantToken = await token({ sub, tenant, roles, claims: { region: 'eu' } })
    const visible = await visibleRows(tenantToken, rows[tenant]!)
    const secret = new Set(Object.values(rows[other]!).flat())
    callers.push({ name, token: tenantToken, own: visible, foreign: rows[other]!, secret, insider: insiders[other]! })
  }
  await meet('the admin of acme', people.ada.id, acme, ['admin'])
  await meet('sales of acme', people.sam.id, acme, ['sales'])
  await meet('sales of globex', people.gil.id, globex, ['sales'])
  await meet('every role at once in globex', people.gil.id, globex, everyRole)
})

/** Rows that a caller sees, so that attempts start from something of its own. */
async function visibleRows(token: string, rows: TenantRows): Promise<TenantRows> {
  const found: Record<string, readonly string[]> = {}
  for (const field of Object.values(schema.getQueryType()!.getFields())) {
    const entity = example().model.entities.find((one) => String(field.type) === `${one.name}Connection`)
    if (entity === undefined) continue
    const { data } = await example().ask({ token }, `{ all: ${field.name}(first: 100) { nodes { id } } }`)
    found[entity.name] = data.all?.nodes.map(({ id }: { id: string }) => id) ?? []
    expect(rows[entity.name], entity.name).toEqual(expect.arrayContaining([...found[entity.name]!]))
  }
  return found
}

function sourceOf(caller: Caller): AttemptSource {
  return {
    schema,
    model: example().model,
    ownId: (entity) => caller.own[entity]?.[0] ?? absent(caller.foreign[entity]![0]!),
    makeRow: (entity) => exampleRow(entity.name, caller.own),
    patch: (entity) => examplePatch(entity.name),
  }
}

/** An id of no row, right beside one that there is: no comparison with the caller's own tells the two apart. */
function absent(id: string): string {
  return `${id.slice(0, -4)}${id.endsWith('dead') ? 'beef' : 'dead'}`
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** What an answer gives away: null when it is what is said of an id of no row. */
async function leak(caller: Caller, attempt: Attempt): Promise<string | null> {
  const id = caller.foreign[attempt.target]![0]!
  const [real, none] = [attempt.variables(id), attempt.variables(absent(id))]
  const ask = async (variables: object) => (await example().ask(caller, attempt.query, variables)).text
  const [answer, other] = [await ask(real), await ask(none)]
  const blank = (text: string, asked: string) => text.replaceAll(asked, 'ID')
  if (blank(answer, id) !== blank(other, absent(id))) return `${attempt.name}:\n  ${answer}\n  ${other}`
  const seen = (answer.match(uuids) ?? []).filter((one) => one !== id && caller.secret.has(one))
  if (seen.length > 0) return `${attempt.name} shows ${seen[0]}`
  if (attempt.query.startsWith('mutation') && !answer.includes('"errors"')) return `${attempt.name} was done: ${answer}`
  // An answer that blames us, or the form of the question, has not looked at the id.
  return /INTERNAL|"VALIDATION"/.test(answer) ? `${attempt.name}: ${answer}` : null
}

async function leaks(caller: Caller, attempts: readonly Attempt[]): Promise<readonly string[]> {
  const found: string[] = []
  const waiting = [...attempts]
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const one = await leak(caller, next)
      if (one !== null) found.push(one)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  return found.sort()
}

describe.each([0, 1, 2, 3])('caller %i', (index) => {
  test('no id of the other tenant is answered otherwise than one of no row, wherever it stands', async () => {
    const caller = callers[index]!
    const attempts = tenantAttempts(sourceOf(caller))
    expect(attempts.length).toBeGreaterThan(200)
    const before = await contentsOf(example(), otherTenant(caller))
    expect(await leaks(caller, attempts), caller.name).toEqual([])
    expect(await contentsOf(example(), otherTenant(caller))).toBe(before)
  })
})

function otherTenant(caller: Caller): string {
  const { people } = example()
  return caller.secret.has(people.gil.id) ? people.gil.tenant : people.ada.tenant
}
