import type { ClientBase } from 'pg'
import { didYouMean, OperatorError, sql } from '#base'
import type { PlatformRoles } from '#migrations'
import type { Caller, Request, Row, RowValue } from '#policies'
import { columnField, type Entity, hasTenant, type Model } from '#schema'
import type { Person } from '#server'
import { unknownName } from '../../inspect/inspection.ts'
import { soughtRows } from '../ask/demanded-rows.ts'
import { readRows } from '../ask/read-world.ts'
import { asRole, type Tenant, tenantNamed, tenantUnclear } from './tenants.ts'

/** Who asks, as the command line says it. */
export interface WhoAsks {
  readonly as: string
  readonly tenant: string | null
  /** Null: those that the configuration gives the person. */
  readonly roles: readonly string[] | null
  readonly claims: Readonly<Record<string, RowValue>>
  readonly request: Request
}

/** Where to look for them. */
export interface WhereToLook {
  readonly client: ClientBase
  readonly model: Model
  readonly names: PlatformRoles
  /** Of `rowhouse.config.ts`. */
  readonly people: Readonly<Record<string, Person>>
  readonly tenants: readonly Tenant[]
}

/** Who was found. */
export interface FoundCaller {
  readonly caller: Caller
  readonly tenant: Tenant | null
  /** `sam`, `sales`, `a visitor`. */
  readonly name: string
  /** False where nobody said which roles a person has. */
  readonly knowsRoles: boolean
}

/**
 * Somebody by the words of `--as`: `visitor`, a name of the configuration's people, roles, or a row of the actor's entity by its key, a unique
 * field, an email address or its display name.
 *
 * @throws OperatorError PERSON_UNKNOWN, INSPECT_NAME_UNKNOWN, POLICY_UNASKABLE where a tenant must be said
 */
export async function findCaller(who: WhoAsks, at: WhereToLook): Promise<FoundCaller> {
  const { model, people, tenants } = at
  const known = model.roles.map(({ name }) => name)
  for (const role of who.roles ?? []) if (!known.includes(role)) throw unknownName(role, known, 'role')
  const chosen = who.tenant === null ? null : tenantNamed(who.tenant, tenants)
  const person = Object.hasOwn(people, who.as) ? people[who.as] : undefined
  if (person !== undefined) {
    const tenant = chosen ?? tenants.find(({ id }) => id === person.tenant) ?? null
    return callerOf(who, { id: person.id, person, tenant, name: who.as })
  }
  const named = who.as.split(',').map((each) => each.trim())
  const isRole = (name: string): boolean => name === 'signedIn' || known.includes(name)
  if (who.as === 'visitor' || named.every(isRole)) {
    // Visitors have no tenant.
    const tenant = chosen ?? (who.as === 'visitor' ? null : onlyTenant(at))
    const roles =
      who.as === 'visitor' ? null : [...new Set([...named.filter((name) => name !== 'signedIn'), ...(who.roles ?? [])])]
    const caller = {
      id: null,
      roles,
      tenant: roles === null ? null : (tenant?.id ?? null),
      claims: who.claims,
      request: who.request,
    }
    return { caller, tenant, name: roles === null ? 'a visitor' : who.as, knowsRoles: true }
  }
  const { row, tenant, entity } = await findPerson(who.as, chosen, at)
  const id = String(row[entity.key[0]!] as string)
  const devs = Object.values(people).filter((each) => each.id === id)
  const whose = tenant ?? tenants.find((each) => devs.length === 1 && each.id === devs[0]!.tenant) ?? onlyTenant(at)
  return callerOf(who, {
    id,
    person: devs.find((each) => each.tenant === (whose?.id ?? each.tenant)),
    tenant: whose,
    name: who.as,
  })
}

interface Known {
  readonly id: string
  readonly person: Person | undefined
  readonly tenant: Tenant | null
  readonly name: string
}

function callerOf(who: WhoAsks, { id, person, tenant, name }: Known): FoundCaller {
  const claims = { ...((person?.claims ?? {}) as Readonly<Record<string, RowValue>>), ...who.claims }
  const caller = {
    id,
    roles: who.roles ?? person?.roles ?? [],
    tenant: tenant?.id ?? null,
    claims,
    request: who.request,
  }
  return { caller, tenant, name, knowsRoles: who.roles !== null || person !== undefined }
}

function onlyTenant({ model, tenants }: WhereToLook): Tenant | null {
  if (!model.entities.some(hasTenant)) return null
  const [only = null, another] = tenants
  if (another !== undefined) throw tenantUnclear(tenants)
  return only
}

interface FoundPerson {
  readonly entity: Entity
  readonly row: Row
  readonly tenant: Tenant | null
}

async function findPerson(words: string, chosen: Tenant | null, at: WhereToLook): Promise<FoundPerson> {
  const { model, tenants } = at
  const entity = model.entities.find(({ name }) => name === model.actor?.entity)
  if (entity === undefined) throw await unknownPerson(words, null, chosen, at)
  const places: readonly (Tenant | null)[] =
    chosen !== null || !hasTenant(entity) ? [chosen] : tenants.slice(0, mostTenants)
  const found: FoundPerson[] = []
  for (const tenant of places)
    for (const row of await rowsCalled(words, entity, tenant, at)) found.push({ entity, row, tenant })
  const [first, another] = found
  if (first === undefined) throw await unknownPerson(words, entity, chosen, at)
  if (another === undefined) return first
  if (first.tenant !== another.tenant) throw tenantUnclear(found.map(({ tenant }) => tenant!))
  const ids = found.slice(0, 10).map(({ row }) => String(row[entity.key[0]!] as string))
  throw new OperatorError('PERSON_UNKNOWN', `Several are called "${words}".`, `Name one by id: ${ids.join(', ')}.`)
}

/** Where people belong to tenants, they are looked for in so many. */
const mostTenants = 200

/** Rows that are called so, by the first of the ways that finds any. */
function rowsCalled(words: string, entity: Entity, tenant: Tenant | null, { client, names }: WhereToLook) {
  return asRole(client, { role: names.private, tenant: tenant?.id ?? null }, async (): Promise<readonly Row[]> => {
    for (const by of namesOf(entity)) {
      const rows = await soughtRows(client, entity, { by, values: [words], limit: 20 })
      const live = rows.filter((row) => (row.deletedAt ?? null) === null)
      if (rows.length > 0) return live.length > 0 ? live : rows
    }
    return []
  })
}

/** What somebody may be called by: the key, what is unique, addresses, the display name. */
function namesOf(entity: Entity): readonly string[] {
  const unique = entity.unique.flatMap((each) => (each.on.length === 1 ? each.on : []))
  const addresses = entity.fields.filter(({ type }) => type.kind === 'text' && type.format === 'email')
  const all = [...entity.key.slice(0, 1), ...unique, ...addresses.map(({ name }) => name), entity.display ?? 'name']
  return [...new Set(all)].filter((name) => columnField(entity, name) !== undefined)
}

async function unknownPerson(
  words: string,
  entity: Entity | null,
  tenant: Tenant | null,
  { client, names, model, people }: WhereToLook,
): Promise<OperatorError> {
  const rows =
    entity === null
      ? []
      : await asRole(client, { role: names.private, tenant: tenant?.id ?? null }, () =>
          readRows(client, entity, { where: sql`true`, values: [], limit: 500 }),
        )
  const called = rows.flatMap((row) =>
    namesOf(entity!)
      .slice(1)
      .flatMap((name) => (typeof row[name] === 'string' ? [row[name]] : [])),
  )
  const others = [...Object.keys(people), ...model.roles.map(({ name }) => name), 'signedIn', 'visitor']
  const near = didYouMean(words, [...others, ...called])
  const message = `There is nobody called "${words}", and no such role.${near === null ? '' : ` Did you mean "${near}"?`}`
  return new OperatorError(
    'PERSON_UNKNOWN',
    message,
    `Known are ${others.join(', ')}, and every ${entity?.name ?? 'person'} by id, unique field or name.`,
  )
}
