import { type DevKeys, type Person, signDevToken } from '#server'

/** When tokens of people were issued: never mind when they are printed, they are the same. 1 January 2026. */
const issuedAtSeconds = 1_767_225_600

/** They last as long as the key does, which is as long as the data folder. A hundred years. */
const lifetimeSeconds = 100 * 365 * 86_400

/**
 * The token of somebody from `people`, the same each time for the same key.
 *
 * @param app name of the app, for which alone it is good
 */
export function personToken(keys: DevKeys, app: string, person: Person): Promise<string> {
  const { id, tenant, roles, claims } = person
  return signDevToken(keys, {
    app,
    sub: id,
    tenant,
    roles,
    ...(claims === undefined ? {} : { claims }),
    issuedAtSeconds,
    lifetimeSeconds,
  })
}
