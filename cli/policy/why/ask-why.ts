import type { ClientBase } from 'pg'
import { OperatorError } from '#base'
import type { PlatformRoles } from '#migrations'
import { type Decision, decide, type Row, type RowValue, traceWay, type WayTrace, type World } from '#policies'
import { type Entity, hasTenant, type Model } from '#schema'
import { type Answer, askDatabase } from '../ask/ask-database.ts'
import { soughtRows, withDemandedRows } from '../ask/demanded-rows.ts'
import { namedByUpdate } from '../ask/named-by-update.ts'
import { newRow } from '../ask/new-row.ts'
import type { FoundCaller } from './find-caller.ts'
import { asRole, type Tenant } from './tenants.ts'

/** What is asked of whom. */
export interface WhyQuestion {
  readonly entity: Entity
  readonly verb: string
  /** Null for a new row. */
  readonly id: string | null
  readonly values: Readonly<Record<string, RowValue>>
  readonly who: FoundCaller
}

/** Where it is asked. */
export interface WhyPlace {
  readonly client: ClientBase
  readonly model: Model
  readonly names: PlatformRoles
  readonly tenants: readonly Tenant[]
  /** Rows that the evaluator may read. */
  readonly bound: number
}

/** What came of it. */
export interface WhyAnswer {
  readonly database: Answer
  /** Null where the rules look at more rows than may be read. */
  readonly decision: Decision | null
  /** Where the row may not be read: why. */
  readonly reading: Decision | null
  /** State and guard of a transition or an action; null for other verbs, and for rows that may not be read. */
  readonly way: WayTrace | null
  /** Where the row is of another tenant: which one. */
  readonly elsewhere: Tenant | null
  readonly rows: number
}

/**
 * Asks Postgres, and the evaluator over the rows that it looks at.
 *
 * @throws OperatorError POLICY_UNASKABLE when there is no such row
 */
export async function askWhy(question: WhyQuestion, place: WhyPlace): Promise<WhyAnswer> {
  const { entity, verb, id, values, who } = question
  const { client, model, names, bound } = place
  const { caller } = who
  const { row: found, elsewhere } = id === null ? { row: null, elsewhere: null } : await findRow(question, place)
  const database = await askDatabase(client, { entity, verb, id: id ?? '', field: null, values, caller }, place)
  const judge = (world: World): Pick<WhyAnswer, 'decision' | 'reading' | 'way'> => {
    const row = found ?? newRow(entity, values, { caller, world })
    const base = { entity: entity.name, row, caller, world }
    const decision = decide({
      ...{ ...base, verb },
      ...(verb === 'update' ? { after: { ...row, ...values } } : {}),
      ...(verb === 'update' ? { changed: namedByUpdate({ entity, row, values, caller, world }) } : {}),
      ...(verb === 'create' ? { changed: Object.keys(values) } : {}),
    })
    const isThere = !['gone', 'hidden', 'impossible'].includes(decision.reason)
    const way = isThere ? traceWay(verb, base) : null
    return { decision, way, reading: decision.reason === 'hidden' ? decide({ ...base, verb: 'read' }) : null }
  }
  const at = { role: names.private, tenant: who.tenant?.id ?? null }
  const { result, rows } = await asRole(client, at, () => withDemandedRows(client, { model, bound }, judge))
  return { database, ...(result ?? { decision: null, reading: null, way: null }), elsewhere, rows }
}

/** The row as the tenant that asks sees it, else where another tenant has it. */
async function findRow(
  { entity, id, who }: WhyQuestion,
  { client, names, tenants }: WhyPlace,
): Promise<{ readonly row: Row; readonly elsewhere: Tenant | null }> {
  const [by = 'id'] = entity.key
  const others = hasTenant(entity) ? tenants.filter((each) => each.id !== who.tenant?.id).slice(0, mostTenants) : []
  for (const tenant of [who.tenant, ...others]) {
    const rows = await asRole(client, { role: names.private, tenant: tenant?.id ?? null }, () =>
      soughtRows(client, entity, { by, values: [id!], limit: 2 }),
    )
    // The tenant's own before ours.
    const row = rows.toSorted((a, b) => Number(a.$tenant === null) - Number(b.$tenant === null))[0]
    if (row === undefined) continue
    const isElsewhere = tenant !== null && tenant.id !== who.caller.tenant && row.$tenant !== null && hasTenant(entity)
    const whose = isElsewhere && entity.tenancy !== 'self' ? { $tenant: tenant.id } : {}
    return { row: { ...row, ...whose }, elsewhere: isElsewhere ? tenant : null }
  }
  throw new OperatorError(
    'POLICY_UNASKABLE',
    `There is no ${entity.name} with the ${by} "${id}".`,
    others.length === 0 ? 'Mend the key.' : 'Mend the key: it was looked for in all tenants.',
  )
}

const mostTenants = 200
