import { snakeCase } from '#base'
import type { Caller } from '#policies'
import type { Model } from '#schema'
import type { RequestSettings } from '../../postgres/with-pg-client.ts'

/** Whoever asks, from the settings that its transactions get: what Postgres believes and nothing else. */
export function callerOfSettings(
  model: Model,
  settings: RequestSettings,
  { roles, now }: { readonly roles: readonly string[] | null; readonly now: Date },
): Caller {
  const told = (name: string): string | null => settings[`rowhouse.${name}`] || null
  const claims = (model.actor?.values ?? []).flatMap((value) => {
    const text = value.kind === 'claim' ? told(`claim_${snakeCase(value.name)}`) : null
    if (text === null || value.kind !== 'claim') return []
    return [[value.name, value.type.kind === 'boolean' ? text === 'true' : text] as const]
  })
  const [ip, signedInAt] = [told('request_ip'), told('request_signed_in_at')]
  return {
    id: told('actor_id'),
    tenant: told('tenant_id'),
    roles,
    claims: Object.fromEntries(claims),
    request: {
      mfa: told('request_mfa') === 'true',
      ...(ip === null ? {} : { ip }),
      ...(signedInAt === null ? {} : { signedInFor: now.getTime() / 1000 - Number(signedInAt) }),
    },
  }
}
