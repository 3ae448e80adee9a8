import { type Entity, isSetName, secretsOf } from '#schema'

type Values = Readonly<Record<string, unknown>>

/**
 * What is written, as hooks see it: of a secret that it is set or taken away, by the name that rows have for it. Not even its hash: a script that a tenant published could
 * write that where others read it, and runs of scripts are recorded.
 */
export function withoutSecrets(entity: Entity, given: Values): Values {
  const names = new Set(secretsOf(entity).map(({ name }) => name))
  if (names.size === 0) return given
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => (names.has(name) ? [isSetName(name), value !== null] : [name, value])),
  )
}
