import { fitIdentifier, sql, toText as text } from '#base'
import { tableSql } from '#policies'
import { type Entity, markPattern, objectName, secretsOf } from '#schema'
import type { DatabaseFunction, Trigger } from '../catalog.ts'
import { privateFunction } from './private-function.ts'

/** Name of the trigger function that takes secrets out of new and changed rows: `keep_secrets_<table>`. */
export function keepSecretsName(entity: Entity): string {
  return fitIdentifier(`keep_secrets_${objectName(entity)}`)
}

/** Name of the trigger function that forgets secrets whose row lets go of them: `drop_secrets_<table>`. */
export function dropSecretsName(entity: Entity): string {
  return fitIdentifier(`drop_secrets_${objectName(entity)}`)
}

/** Both functions of an entity with secrets. */
export function secretFunctions(entity: Entity): readonly DatabaseFunction[] {
  if (secretsOf(entity).length === 0) return []
  const trigger = { returns: 'trigger', language: 'plpgsql', volatility: 'volatile', execute: [':OWNER'] } as const
  return [
    privateFunction({
      ...trigger,
      name: keepSecretsName(entity),
      body: ['begin', ...secretsOf(entity).flatMap((field) => keeping(entity, field)), '  return new;', 'end'].join(
        '\n',
      ),
      comment: `Keeps secrets of ${entity.name} apart from its rows, which are left with a mark.`,
    }),
    privateFunction({
      ...trigger,
      name: dropSecretsName(entity),
      body: dropping(entity),
      comment: `Forgets secrets of ${entity.name} that were replaced, emptied or deleted.`,
    }),
  ]
}

type Secret = ReturnType<typeof secretsOf>[number]

/** Only what the server could have made is kept: whoever writes SQL by hand can store no plain text, nor the mark of another row. */
const forms: Readonly<Record<Secret['type']['keep'], string>> = {
  hash: String.raw`^${markPattern('hash')}:\$argon2id\$[A-Za-z0-9+/=,$]+$`,
  encrypted: String.raw`^${markPattern('encrypted')}:\$aes256gcm\$[A-Za-z0-9+/=$]+$`,
}

/** In characters: a little more than the longest that the server makes. */
const longest: Readonly<Record<Secret['type']['keep'], number>> = { hash: 400, encrypted: 24_000 }

function keeping({ name: entity }: Entity, { name, column, type }: Secret): readonly string[] {
  const [value, before] = [sql`new.${sql.identifier(column)}`, sql`old.${sql.identifier(column)}`]
  const names = sql`${sql.literal(entity)}, ${sql.literal(name)}`
  return [
    sql`  if ${value} is not null and ${value} is distinct from ${before} then`,
    sql`    if length(${value}) > ${sql.literal(longest[type.keep])} or ${value} !~ ${sql.literal(forms[type.keep])} then`,
    sql`      raise exception 'a secret is sealed by the server' using errcode = '22023', schema = tg_table_schema, table = tg_table_name, column = ${sql.literal(column)};`,
    sql`    end if;`,
    sql`    insert into rowhouse.secret (mark, entity, field, sealed) values (left(${value}, 36)::uuid, ${names}, substr(${value}, 38));`,
    sql`    ${value} := left(${value}, 36);`,
    sql`  end if;`,
  ].map(text)
}

function dropping(entity: Entity): string {
  const lines = secretsOf(entity).map(({ column }) => {
    const [value, before] = [sql`new.${sql.identifier(column)}`, sql`old.${sql.identifier(column)}`]
    // `new` is null when a row is deleted.
    return text(
      sql`  if ${before} is not null and ${before} is distinct from ${value} then delete from rowhouse.secret where mark = ${before}::uuid; end if;`,
    )
  })
  return ['begin', ...lines, '  return null;', 'end'].join('\n')
}

/** Takes the value out of the row before anything else looks at it: what other triggers, checks and errors see is a mark. */
export function keepSecretsTriggers(entity: Entity): readonly Trigger[] {
  const columns = secretsOf(entity).map(({ column }) => text(sql.identifier(column)))
  if (columns.length === 0) return []
  const call = `execute function ${text(sql.identifier('rowhouse_private', keepSecretsName(entity)))}()`
  const events = `insert or update of ${columns.join(', ')}`
  return [
    {
      name: 'rowhouse_0_secrets',
      definition: `before ${events} on ${text(tableSql(entity))} for each row ${call}`,
    },
  ]
}

/** Behind the change: a row that another trigger or a rule refuses keeps its secret. */
export function dropSecretsTriggers(entity: Entity): readonly Trigger[] {
  const columns = secretsOf(entity).map(({ column }) => text(sql.identifier(column)))
  if (columns.length === 0) return []
  const call = `execute function ${text(sql.identifier('rowhouse_private', dropSecretsName(entity)))}()`
  const events = `delete or update of ${columns.join(', ')}`
  return [
    {
      name: 'rowhouse_7_secrets',
      definition: `after ${events} on ${text(tableSql(entity))} for each row ${call}`,
    },
  ]
}
