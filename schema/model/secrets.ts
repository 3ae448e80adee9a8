import type { Entity, Field, FieldType } from './model.ts'

/** A field that is a secret. */
export type SecretField = Field & { readonly type: Extract<FieldType, { readonly kind: 'secret' }> }

/** The secrets of an entity, in order. */
export function secretsOf(entity: Pick<Entity, 'fields'>): readonly SecretField[] {
  return entity.fields.filter((field): field is SecretField => field.type.kind === 'secret')
}

/** What callers see instead of a secret: `pin` → `pinIsSet`. */
export function isSetName(name: string): string {
  return `${name}IsSet`
}

/**
 * What a mark looks like, for Postgres: a uuid whose version says how the secret is kept. Rows with marks of one kind do not fit a field that is kept in
 * the other way, so that it cannot be changed under them.
 */
export function markPattern(keep: SecretField['type']['keep']): string {
  return `[0-9a-f]{8}-[0-9a-f]{4}-${markVersions[keep]}[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`
}

/** Of RFC 9562: 4 is random, 8 whatever an application makes of it. */
export const markVersions = { hash: '4', encrypted: '8' } as const
