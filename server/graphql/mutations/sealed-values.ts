import { Bug, RequestError } from '#base'
import { type Entity, secretsOf } from '#schema'
import { type Sealing, sealSecret, secretFault } from '../../secrets/seal-secret.ts'
import type { RowValues } from './column-values.ts'

/** A secret as it travels to Postgres: never the plain text. */
class Sealed {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * The values with every secret hashed or encrypted, so that none is plain when a connection to Postgres is taken.
 *
 * @throws RequestError VALIDATION, naming the field and nothing of its value
 * @throws OperatorError SECRETS_KEY_MISSING
 */
export async function sealedValues(entity: Entity, given: RowValues, sealing: Sealing): Promise<RowValues> {
  const secrets = secretsOf(entity).filter(({ name }) => given[name] !== undefined && given[name] !== null)
  // All are looked at before the first is hashed.
  for (const field of secrets) {
    const fault = secretFault(field, given[field.name])
    if (fault !== null) throw new RequestError('VALIDATION', `"${field.name}" ${fault}.`, { fields: [field.name] })
  }
  const sealed: Record<string, unknown> = { ...given }
  for (const field of secrets) {
    const { mark, sealed: kept } = await sealSecret(entity, field, String(given[field.name]), sealing)
    sealed[field.name] = new Sealed(`${mark}:${kept}`)
  }
  return sealed
}

/** What the column is given; the trigger of the table leaves the mark of it. */
export function sealedText(value: unknown): string | null {
  if (value === null) return null
  if (value instanceof Sealed) return value.text
  throw new Bug('A secret is about to be written as it was given.')
}
