import type { ClientBase } from 'pg'
import { sql } from '#base'
import { type Entity, hasTenant, ours, type SecretField } from '#schema'
import { sealSecret } from '../secrets/seal-secret.ts'
import type { SecretKeys } from '../secrets/secret-keys.ts'
import type { PlannedRow } from './plan-seed.ts'
import { runSql } from './send-rows.ts'

/** Secrets sent at once. */
const batch = 1000

interface Kept {
  readonly mark: string
  readonly entity: string
  readonly field: string
  readonly sealed: string
}

/** Seals the secrets of a seed, past the triggers that do it for requests; a hash takes its time, for each row again. */
export class SeedSecrets {
  readonly #app: string
  readonly #keys: SecretKeys | null
  readonly #kept: Promise<Kept>[] = []
  readonly #fields = new Map<SecretField, Entity>()

  constructor(app: string, keys: SecretKeys | null) {
    this.#app = app
    this.#keys = keys
  }

  /** Begins to seal those of a row. Resolves when there is room for the next. */
  async add({ entity, tenant, secrets }: PlannedRow): Promise<void> {
    const whose = hasTenant(entity) ? (tenant ?? ours) : null
    for (const { field, mark, plain } of secrets) {
      this.#fields.set(field, entity)
      const sealing = { app: this.#app, tenant: whose, keys: this.#keys }
      const kept = sealSecret(entity, field, plain, sealing, mark).then(({ sealed }) => ({
        mark,
        entity: entity.name,
        field: field.name,
        sealed,
      }))
      // Whoever waits for it is told.
      kept.catch(() => undefined)
      this.#kept.push(kept)
      if (this.#kept.length % 16 === 0) await kept
    }
  }

  /** Writes them, and forgets those whose rows were there before and have others now. */
  async write(client: ClientBase): Promise<void> {
    for (let at = 0; at < this.#kept.length; at += batch) {
      const kept = await Promise.all(this.#kept.slice(at, at + batch))
      await runSql(
        client,
        sql`insert into rowhouse.secret (mark, entity, field, sealed)
          select mark, entity, field, sealed
          from jsonb_to_recordset(${sql.value(JSON.stringify(kept))}::jsonb) as kept (mark uuid, entity text, field text, sealed text)`,
      )
    }
    for (const [{ name, column }, entity] of this.#fields)
      await runSql(
        client,
        sql`delete from rowhouse.secret s where s.entity = ${sql.value(entity.name)} and s.field = ${sql.value(name)}
          and not exists (select from ${sql.identifier(entity.schema, entity.table)} t where t.${sql.identifier(column)} = s.mark::text)`,
      )
  }
}
