import type { ClientBase } from 'pg'
import { Bug, sql, toStatement } from '#base'
import { type Entity, type Model, type SecretField, secretsOf, tenantColumnOf } from '#schema'
import { decryptSecret } from './encrypt-secret.ts'
import { hashSecret, matchesHash } from './hash-secret.ts'
import type { SecretKeys } from './secret-keys.ts'

/** A secret of a row. */
export interface SecretOf {
  readonly model: Model
  /** Name of the entity. */
  readonly entity: string
  /** Value of the row's `id`. */
  readonly id: string | number
  /** Name of the field. */
  readonly field: string
}

/**
 * Whether a text is the secret that is kept as a hash; false where there is no such row, or no secret, after as long a while.
 *
 * @param client in a transaction that became `:PRIVATE` and said its tenant, which no login of requests can
 */
export async function verifySecret(client: ClientBase, of: SecretOf, plain: string): Promise<boolean> {
  const { entity, field } = found(of, 'hash')
  const kept = await readKept(client, { entity, field }, of.id)
  return await matchesHash(kept?.sealed ?? (await decoy()), plain)
}

/**
 * The secret that is kept encrypted; null where there is no such row, or no secret.
 *
 * @param client as {@link verifySecret} has it
 * @throws OperatorError SECRET_UNREADABLE
 */
export async function revealSecret(client: ClientBase, of: SecretOf, keys: SecretKeys): Promise<string | null> {
  const { entity, field } = found(of, 'encrypted')
  const kept = await readKept(client, { entity, field }, of.id)
  if (kept === null) return null
  const { mark, tenant, sealed } = kept
  return decryptSecret(sealed, { app: of.model.app, tenant, entity: entity.name, field: field.name, mark }, keys)
}

interface Found {
  readonly entity: Entity
  readonly field: SecretField
}

function found({ model, entity: name, field: wanted }: SecretOf, keep: SecretField['type']['keep']): Found {
  const entity = model.entities.find((each) => each.name === name)
  const field = entity === undefined ? undefined : secretsOf(entity).find((each) => each.name === wanted)
  if (entity === undefined || field?.type.keep !== keep) throw new Bug(`"${name}.${wanted}" is no such secret.`)
  return { entity, field }
}

interface Kept {
  readonly mark: string
  readonly tenant: string | null
  readonly sealed: string
}

/** What the row's own mark leads to, if it was kept for that field. */
async function readKept(client: ClientBase, { entity, field }: Found, id: string | number): Promise<Kept | null> {
  const [key, ...more] = entity.key.map((name) => entity.fields.find((each) => each.name === name)?.column)
  if (key === undefined || more.length > 0) throw new Bug(`Rows of "${entity.name}" have no single id.`)
  const whose = tenantColumnOf(entity)
  const tenant = whose === null ? sql`null` : sql`t.${sql.identifier(whose)}::text`
  const statement = toStatement(sql`
    select s.mark::text as mark, ${tenant} as tenant, s.sealed
    from ${sql.identifier(entity.schema, entity.table)} t
    join rowhouse.secret s on s.mark = t.${sql.identifier(field.column)}::uuid
    where t.${sql.identifier(key)}::text = ${sql.value(String(id))}
      and s.entity = ${sql.value(entity.name)} and s.field = ${sql.value(field.name)}`)
  const { rows } = await client.query<Kept>(statement)
  return rows[0] ?? null
}

let made: Promise<string> | undefined

/** A hash of nothing in particular. */
function decoy(): Promise<string> {
  made ??= hashSecret('nobody has this secret')
  return made
}
