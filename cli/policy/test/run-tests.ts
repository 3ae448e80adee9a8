import type { ClientBase } from 'pg'
import { ModelError, OperatorError, sql, toText } from '#base'
import type { PlatformRoles } from '#migrations'
import { type Caller, type Decision, decide, type Row, type RowValue, shownFields, type World } from '#policies'
import type { Entity, Model } from '#schema'
import { runSeed } from '#server'
import { askDatabase } from '../ask/ask-database.ts'
import { readWorld, rowOf } from '../ask/read-world.ts'
import type { Expectation } from './check-tests.ts'
import { type Fixture, makeFixture, requiredValues } from './fixture.ts'
import type { GivenValue } from './question.ts'
import type { ScratchDatabase } from './scratch-database.ts'
import { invalid } from './test-files.ts'

/** What came of an expectation. */
export interface Result extends Expectation {
  /** What Postgres let happen. */
  readonly database: boolean
  /** What the evaluator says; with the trace of all rules. */
  readonly evaluated: boolean
  readonly decision: Decision
  /** What else than a rule stood in the way of Postgres. */
  readonly obstacle: string | null
  /** `differs`: not as expected. `disagrees`: Postgres and the evaluator say different things, which is a fault of Rowhouse. */
  readonly outcome: 'passed' | 'differs' | 'disagrees' | 'unasked'
}

/** Asks Postgres and the evaluator the expectations of one test, in a copy of the database. */
export async function runTest(
  expectations: readonly Expectation[],
  { model, scratch }: { readonly model: Model; readonly scratch: ScratchDatabase },
): Promise<readonly Result[]> {
  const [first] = expectations
  if (first === undefined) return []
  const fixture = makeFixture(first.written, model)
  return scratch.withCopy(async (client) => {
    await runSeed(model, fixture.seed, { client, owner: scratch.names.owner, again: false }).catch((error) => {
      throw aboutRows(error, first)
    })
    await client.query('begin')
    try {
      const world = await seen(client, { model, fixture, names: scratch.names })
      const results: Result[] = []
      for (const each of expectations)
        results.push(await ask(client, each, { model, fixture, world, names: scratch.names }))
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
  readonly model: Model
  readonly fixture: Fixture
  readonly names: PlatformRoles
}

async function seen(client: ClientBase, { model, fixture, names }: Asking): Promise<World> {
  await client.query('savepoint seeing')
  await client.query(toText(sql`set local role ${sql.identifier(names.private)}`))
  await client.query('select set_config($1, $2, true)', ['rowhouse.tenant_id', fixture.tenant])
  const world = await readWorld(client, model)
  await client.query('rollback to savepoint seeing')
  return world
}

async function ask(client: ClientBase, each: Expectation, of: Asking & { readonly world: World }): Promise<Result> {
  const { asked, entity, verb } = each
  const caller = callerOf(each, of)
  const given = valuesOf(asked.values, of.fixture)
  const values: Readonly<Record<string, RowValue>> =
    verb === 'create' ? { ...(requiredValues(entity, 'new', given) as Record<string, RowValue>), ...given } : given
  const id = verb === 'create' ? '' : of.fixture.idOf(asked.subject)
  const answer = await askDatabase(client, { entity, verb, id, field: asked.field, values, caller }, of)
  const row =
    verb === 'create' ? newRow(entity, values, { caller, world: of.world }) : (rowOf(of.world, entity, id) ?? {})
  const decision = decide({
    ...{ verb, entity: entity.name, row, caller, world: of.world },
    ...(verb === 'update' ? { after: { ...row, ...values } } : {}),
    ...(verb === 'create' ? { changed: Object.keys(values) } : {}),
  })
  const shows = asked.field === null || shownFields(entity, row, { caller, world: of.world }).has(asked.field)
  const evaluated = decision.allowed && shows
  return {
    ...each,
    database: answer.allowed,
    evaluated,
    decision,
    obstacle: answer.obstacle,
    outcome: outcomeOf(each.expected, answer, evaluated),
  }
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
  const { roles = [], ...claims } = written.test.actors[asked.actor]!
  const isVisitor = roles === null
  return {
    id: isVisitor || model.actor === null ? null : fixture.idOf(asked.actor),
    roles,
    tenant: isVisitor ? null : fixture.tenant,
    claims: claims as Caller['claims'],
    request: {},
  }
}

function valuesOf(given: Readonly<Record<string, GivenValue>>, fixture: Fixture): Readonly<Record<string, RowValue>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, 'row' in value ? fixture.idOf(value.row) : value.value]),
  )
}

/** A new row with its defaults, as far as they do not come from other rows. */
function newRow(
  entity: Entity,
  values: Row,
  { caller, world }: { readonly caller: Caller; readonly world: World },
): Row {
  const defaults = [...entity.fields, ...entity.relations].map((part) => {
    const given = 'default' in part ? part.default : null
    switch (given?.kind) {
      case 'value':
        return [part.name, given.value as RowValue] as const
      case 'actor':
        return [part.name, caller.id] as const
      case 'now':
        return [part.name, world.now] as const
      case 'today':
        return [part.name, world.now.slice(0, 10)] as const
      default:
        return [part.name, null] as const
    }
  })
  const state = entity.lifecycle === null ? {} : { status: entity.lifecycle.initial }
  return { ...Object.fromEntries(defaults), ...state, ...values }
}
