import { randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import { ModelError, OperatorError, sql, toText } from '#base'
import type { PlatformRoles } from '#migrations'
import { type Caller, type Decision, decide, type Row, type RowValue, shownFields, type World } from '#policies'
import { type Entity, hasTenant, type Model } from '#schema'
import { readSecretKeys, runSeed } from '#server'
import { askDatabase } from '../ask/ask-database.ts'
import { namedByUpdate } from '../ask/named-by-update.ts'
import { newRow } from '../ask/new-row.ts'
import { readWorld, rowOf } from '../ask/read-world.ts'
import type { Expectation } from './check-tests.ts'
import { type Fixture, makeFixture } from './fixture.ts'
import type { GivenValue } from './question.ts'
import type { ScratchDatabase } from './scratch-database.ts'
import { requiredParts } from './sensible-values.ts'
import { invalid } from './test-files.ts'

/** What came of an expectation. */
export interface Result extends Expectation {
  /** What Postgres let happen. */
  readonly database: boolean
  /** What the evaluator says; with the trace of all rules. */
  readonly evaluated: boolean
  readonly decision: Decision
  /** Whether the row is another tenant's than the one in which is asked. */
  readonly isForeign: boolean
  /** What else than a rule stood in the way of Postgres. */
  readonly obstacle: string | null
  /** `differs`: not as expected. `disagrees`: Postgres and the evaluator say different things, which is a fault of Rowhouse. */
  readonly outcome: 'passed' | 'differs' | 'disagrees' | 'unasked'
}

/** Where a test runs. */
export interface RunOptions {
  readonly model: Model
  readonly scratch: ScratchDatabase
  /** Throws where somebody asked to stop. */
  readonly check: () => void
}

/** Asks Postgres and the evaluator the expectations of one test, in a copy of the database. */
export async function runTest(
  expectations: readonly Expectation[],
  { model, scratch, check }: RunOptions,
): Promise<readonly Result[]> {
  const [first] = expectations
  if (first === undefined) return []
  const fixture = makeFixture(first.written, model)
  // Nobody reads what is encrypted here.
  const secretKeys = readSecretKeys(randomBytes(32).toString('base64'))
  return scratch.withCopy(async (client) => {
    await runSeed(model, fixture.seed, { client, owner: scratch.names.owner, again: false, secretKeys }).catch(
      (error) => {
        throw aboutRows(error, first)
      },
    )
    await client.query('begin')
    try {
      const asking: Asking = { client, model, fixture, names: scratch.names, worlds: new Map() }
      const results: Result[] = []
      for (const each of expectations) {
        check()
        results.push(await ask(each, asking))
      }
      return results
    } finally {
      await client.query('rollback')
    }
  })
}

/** Rows that do not fit are the test's, not the seed's. */
function aboutRows(error: unknown, { written }: Expectation): unknown {
  if (!(error instanceof OperatorError) || error.code !== 'SEED_INVALID') return error
  const message = error.message.replace(/^The seed/, 'The rows').replace('A row of the seed', 'A row')
  const hint = `Mend the rows of policyTest("${written.test.name}") in ${written.file}.`
  return new ModelError([invalid(message, null, hint)])
}

interface Asking {
  readonly client: ClientBase
  readonly model: Model
  readonly fixture: Fixture
  readonly names: PlatformRoles
  /** What a tenant sees, by its id. */
  readonly worlds: Map<string, World>
}

async function worldOf(tenant: string, { client, model, names, worlds }: Asking): Promise<World> {
  const known = worlds.get(tenant)
  if (known !== undefined) return known
  await client.query('savepoint seeing')
  await client.query(toText(sql`set local role ${sql.identifier(names.private)}`))
  await client.query('select set_config($1, $2, true)', ['rowhouse.tenant_id', tenant])
  const world = await readWorld(client, model)
  await client.query('rollback to savepoint seeing')
  worlds.set(tenant, world)
  return world
}

async function ask(each: Expectation, of: Asking): Promise<Result> {
  const { asked, entity, verb } = each
  const caller = callerOf(each, of)
  const world = await worldOf(of.fixture.tenantOf(asked.actor), of)
  const given = valuesOf(asked.values, of.fixture)
  const values: Readonly<Record<string, RowValue>> =
    verb === 'create' ? { ...(requiredParts(entity, 'new', given) as Record<string, RowValue>), ...given } : given
  const id = verb === 'create' ? '' : of.fixture.idOf(asked.subject)
  const answer = await askDatabase(of.client, { entity, verb, id, field: asked.field, values, caller }, of)
  const row = verb === 'create' ? newRow(entity, values, { caller, world }) : await rowAsked(entity, id, { world, of })
  const decision = decide({
    ...{ verb, entity: entity.name, row, caller, world },
    ...(verb === 'update' ? { after: { ...row, ...values } } : {}),
    ...(verb === 'create' ? { changed: Object.keys(values) } : {}),
    ...(verb === 'update' ? { changed: namedByUpdate({ entity, row, values, caller, world }) } : {}),
  })
  const shows = asked.field === null || shownFields(entity, row, { caller, world }).has(asked.field)
  const evaluated = decision.allowed && shows
  return {
    ...each,
    database: answer.allowed,
    evaluated,
    decision,
    isForeign: row.$tenant === of.fixture.tenant && caller.tenant !== of.fixture.tenant,
    obstacle: answer.obstacle,
    outcome: outcomeOf(each.expected, answer, evaluated),
  }
}

/** The row as the caller's tenant sees it, else as its own does; it says whose it is then. */
async function rowAsked(entity: Entity, id: string, { world, of }: { world: World; of: Asking }): Promise<Row> {
  const seen = rowOf(world, entity, id)
  if (seen !== undefined) return seen
  const row = rowOf(await worldOf(of.fixture.tenant, of), entity, id) ?? {}
  return hasTenant(entity) && entity.tenancy !== 'self' ? { ...row, $tenant: of.fixture.tenant } : row
}

function outcomeOf(
  expected: boolean,
  answer: { readonly allowed: boolean; readonly obstacle: string | null },
  evaluated: boolean,
): Result['outcome'] {
  if (answer.obstacle !== null) return 'unasked'
  if (answer.allowed !== evaluated) return 'disagrees'
  return answer.allowed === expected ? 'passed' : 'differs'
}

function callerOf({ asked, written }: Expectation, { fixture, model }: Asking): Caller {
  const { roles = [], request = {}, tenant: _, ...claims } = written.test.actors[asked.actor]!
  const isVisitor = roles === null
  return {
    id: isVisitor || model.actor === null ? null : fixture.idOf(asked.actor),
    roles,
    tenant: isVisitor ? null : fixture.tenantOf(asked.actor),
    claims: claims as Caller['claims'],
    request,
  }
}

function valuesOf(given: Readonly<Record<string, GivenValue>>, fixture: Fixture): Readonly<Record<string, RowValue>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, 'row' in value ? fixture.idOf(value.row) : value.value]),
  )
}
