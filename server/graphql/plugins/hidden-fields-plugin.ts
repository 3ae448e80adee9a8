import { type ExecutableStep, get, lambda } from 'grafast'
import { RequestError } from '#base'
import type { HiddenFields } from '../hidden-fields.ts'
import 'postgraphile'

interface Scope {
  readonly fieldName: string
  readonly isPgClassType?: boolean
  readonly pgCodec?: { readonly extensions?: { readonly rowhouseHidden?: HiddenFields } }
}

type RowStep = ExecutableStep & { get(column: string): ExecutableStep }
type FieldPlan = ($row: RowStep, ...given: readonly unknown[]) => ExecutableStep

/** A field that the caller may not see of a row is an error where the policy wants it (`onHidden: 'error'`); elsewhere it is null. */
export const HiddenFieldsPlugin: GraphileConfig.Plugin = {
  name: 'HiddenFieldsPlugin',
  version: '1.0.0',
  after: ['PgAttributesPlugin', 'EmbedPlugin', 'StructuresPlugin', 'FiniteFloatsPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, _build, context) {
        const { fieldName, isPgClassType, pgCodec } = context.scope as Scope
        const flags = isPgClassType === true ? pgCodec?.extensions?.rowhouseHidden?.[fieldName] : undefined
        if (flags === undefined) return field
        const plan = (field.plan as FieldPlan | undefined) ?? (($row) => get($row, fieldName) as ExecutableStep)
        const shown: FieldPlan = ($row, ...given) =>
          lambda([plan($row, ...given), ...flags.map((flag) => $row.get(flag))], valueIfShown(fieldName), true)
        return { ...field, plan: shown as never }
      },
    },
  },
}

function valueIfShown(fieldName: string) {
  return ([value, ...flags]: readonly unknown[]): unknown => {
    if (flags.every((flag) => flag === true || flag === 't')) return value
    throw new RequestError('FORBIDDEN', `You may not see "${fieldName}" of this row.`, { fields: [fieldName] })
  }
}
