import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql'

/** Where a secret is given. */
export interface SecretPlace {
  /** `OrderInput` */
  readonly type: string
  readonly field: string
}

/** What an input field says of itself where its value is a secret. */
export const secretExtensions = { rowhouse: { isSecret: true } } as const

/** The secrets that an input holds, however deep. */
export function secretsIn(type: GraphQLInputType, value: unknown): readonly SecretPlace[] {
  if (value == null) return []
  if (isNonNullType(type)) return secretsIn(type.ofType as GraphQLInputType, value)
  if (isListType(type)) return [value].flat().flatMap((each) => secretsIn(type.ofType as GraphQLInputType, each))
  if (!isInputObjectType(type)) return []
  const fields = type.getFields()
  return Object.entries(value).flatMap(([name, given]) => {
    const field = fields[name]
    if (field === undefined || given == null) return []
    return isSecret(field.extensions) ? [{ type: type.name, field: name }] : secretsIn(field.type, given)
  })
}

function isSecret(extensions: Readonly<Record<string, unknown>>): boolean {
  return (extensions.rowhouse as { readonly isSecret?: boolean } | undefined)?.isSecret === true
}
