const json = 'application/json'
const graphqlJson = 'application/graphql-response+json'

/**
 * The media type of the answer to a client that accepts such: the first of a list that is JSON, as the general path has it. Null: what it accepts is
 * not ours to judge.
 */
export function answerType(accept: string | undefined): string | null {
  if (accept === undefined || accept === json || accept === '*/*') return json
  if (accept === graphqlJson) return graphqlJson
  for (const each of accept.toLowerCase().replaceAll(/\s/g, '').split(',')) {
    const [type, ...parameters] = each.split(';')
    if (parameters.some((parameter) => parameter.includes('charset='))) return null
    if (type === json || type === graphqlJson) return type
    if (type === '*/*' || type === 'application/*') return json
  }
  return null
}
