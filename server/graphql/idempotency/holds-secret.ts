import { type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql'

/** What an input field says of itself where its value is a secret. */
export const secretExtensions = { rowhouse: { isSecret: true } } as const

/** True where some value of an input, however deep, is a secret. */
export function holdsSecret(type: GraphQLInputType, value: unknown): boolean {
  if (value == null) return false
  if (isNonNullType(type)) return holdsSecret(type.ofType as GraphQLInputType, value)
  if (isListType(type)) return [value].flat().some((each) => holdsSecret(type.ofType as GraphQLInputType, each))
  if (!isInputObjectType(type)) return false
  const fields = type.getFields()
  return Object.entries(value).some(([name, given]) => {
    const field = fields[name]
    if (field === undefined || given == null) return false
    return isSecret(field.extensions) || holdsSecret(field.type, given)
  })
}

function isSecret(extensions: Readonly<Record<string, unknown>>): boolean {
  return (extensions.rowhouse as { readonly isSecret?: boolean } | undefined)?.isSecret === true
}
