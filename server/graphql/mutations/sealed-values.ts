import { Bug, RequestError } from '#base'
import { type SecretField, secretsOf } from '#schema'
import { type Sealing, sealNothing, sealSecret, secretFault } from '../../secrets/seal-secret.ts'
import type { RowValues } from './column-values.ts'
import { type FieldWrite, hasRuleForField } from './has-rule-for-field.ts'

/** A secret as it travels to Postgres: never the plain text. */
class Sealed {
  readonly text: string
  /** No rule that this server knows lets the caller write it. */
  readonly isNothing: boolean

  constructor(text: string, isNothing: boolean) {
    this.text = text
    this.isNothing = isNothing
  }
}

/**
 * The values with every secret hashed or encrypted, so that none is plain when a connection to Postgres is taken. Nothing is hashed for a
 * field that no rule lets the caller write: visitors could keep the server busy for nothing.
 *
 * @throws RequestError VALIDATION, naming the field and nothing of its value
 * @throws OperatorError SECRETS_KEY_MISSING
 */
export async function sealedValues(write: FieldWrite, given: RowValues, sealing: Sealing): Promise<RowValues> {
  const { entity } = write
  const secrets = secretsOf(entity).filter(({ name }) => given[name] !== undefined && given[name] !== null)
  // All are looked at before the first is hashed.
  for (const field of secrets) {
    const fault = secretFault(field, given[field.name])
    if (fault !== null) throw new RequestError('VALIDATION', `"${field.name}" ${fault}.`, { fields: [field.name] })
  }
  const sealed: Record<string, unknown> = { ...given }
  for (const field of secrets) {
    const isNothing = !isWorthIt(write, field)
    const { mark, sealed: kept } = isNothing
      ? sealNothing(field)
      : await sealSecret(entity, field, String(given[field.name]), sealing)
    sealed[field.name] = new Sealed(`${mark}:${kept}`, isNothing)
  }
  return sealed
}

/**
 * Behind a write: Postgres takes what no rule allows where its rules are newer than those of this server. Then nothing is kept.
 *
 * @throws RequestError FORBIDDEN
 */
export function refuseNothing(values: RowValues | null | undefined): void {
  const isNothing = Object.values(values ?? {}).some((value) => value instanceof Sealed && value.isNothing)
  if (isNothing) throw new RequestError('FORBIDDEN', 'No rule allows this.')
}

/** Encrypting costs next to nothing. */
function isWorthIt(write: FieldWrite, { name, type }: SecretField): boolean {
  return type.keep === 'encrypted' || hasRuleForField(write, name)
}

/** What the column is given; the trigger of the table leaves the mark of it. */
export function sealedText(value: unknown): string | null {
  if (value === null) return null
  if (value instanceof Sealed) return value.text
  throw new Bug('A secret is about to be written as it was given.')
}
