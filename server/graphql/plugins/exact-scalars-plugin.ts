import { GraphQLError, Kind, type ValueNode } from 'graphql'
import { exactScalars, type ReadScalar } from '../exact-scalar.ts'
import 'postgraphile'

const descriptions: Readonly<Record<string, string>> = {
  BigFloat: 'A decimal number, as a text so that no digit is lost: `"12.50"`.',
  BigInt: 'A whole number of 64 bits, as a text so that no digit is lost.',
  Date: 'A day: `"2026-11-20"`.',
  Datetime: 'An instant, as RFC 3339 writes it: `"2026-11-20T08:30:00Z"`. Without an offset it is UTC.',
  Time: 'A time of day, without a zone: `"08:30"`.',
}

/** Numbers, days and instants are taken as they are written, or refused: never as something that Postgres makes of them. */
export const ExactScalarsPlugin: GraphileConfig.Plugin = {
  name: 'ExactScalarsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLScalarType(type) {
        const { name } = type
        const read = Object.hasOwn(exactScalars, name) ? exactScalars[name]! : null
        if (read === null) return type
        return {
          ...type,
          description: descriptions[name] ?? type.description,
          parseValue: (value: unknown) => parsed(name, read, value),
          parseLiteral: (node: ValueNode) => parsed(name, read, literalText(name, node), node),
        }
      },
    },
  },
}

function parsed(name: string, read: ReadScalar, value: unknown, nodes?: ValueNode): string {
  const text = read(value)
  if (text === null) throw new GraphQLError(`This is no "${name}".`, nodes === undefined ? {} : { nodes })
  return text
}

/** The digits of a number in a query have not been through a float. */
function literalText(name: string, node: ValueNode): string | null {
  if (node.kind === Kind.STRING) return node.value
  const isNumber = name === 'BigInt' ? node.kind === Kind.INT : node.kind === Kind.INT || node.kind === Kind.FLOAT
  return name.startsWith('Big') && isNumber ? (node as { readonly value: string }).value : null
}
