import { constant, context, type ExecutableStep, lambda } from 'grafast'
import { RequestError } from '#base'
import { defaultOperationLimits, type OperationLimits } from '../../config/limits.ts'
import 'postgraphile'

/** Rows of a list when neither `first` nor `last` is given, unless the app says otherwise. */
export const defaultPageSize = defaultOperationLimits.pageSize

/** Most rows that one list may be asked for, unless the app says otherwise; and groups. */
export const maxPageSize = defaultOperationLimits.maxPageSize

interface Connection extends ExecutableStep {
  setFirst(step: ExecutableStep): void
  setLast(step: ExecutableStep): void
  setOffset(step: ExecutableStep): void
  /** Besides its types: whether anything of the rows themselves is asked for. */
  neededCollection: boolean
}

type FieldPlan = ($parent: never, args: { getRaw(name: string): ExecutableStep }, info: never) => Connection

/** Lists without `first` and `last` end after a page, so that no query reads a table whole by accident; nor do groups. */
export const PageSizePlugin: GraphileConfig.Plugin = {
  name: 'PageSizePlugin',
  version: '1.0.0',
  after: ['PgFirstLastBeforeAfterArgsPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, _build, context) {
        if (context.scope.isPgFieldConnection !== true || args.first === undefined || args.last === undefined)
          return args
        // Applied by the field below, which also knows when both are left out.
        delete args.first.applyPlan
        delete args.last.applyPlan
        if (args.offset !== undefined) args.offset.applyPlan = applyOffset as never
        args.first.description = `Only the first \`n\` rows, at most ${maxPageSize}; ${defaultPageSize} when neither \`first\` nor \`last\` is given.`
        return args
      },
      GraphQLObjectType_fields_field(field, _build, context) {
        const plan = field.plan as FieldPlan | undefined
        if (context.scope.fieldName === 'groupedAggregates' && plan !== undefined)
          return groupsField(field, plan) as never
        if (context.scope.isPgFieldConnection !== true || plan === undefined) return field
        return { ...field, plan: paged(plan) as never }
      },
    },
  },
}

/** Grouped by a field that is different everywhere there are as many groups as rows, whatever the page says. */
function groupsField(field: object, plan: FieldPlan): object {
  return {
    ...field,
    description: `Aggregates of all rows that match, whatever their page, by group; ${maxPageSize} groups at most.`,
    plan: ((...given) => {
      const $groups = plan(...given)
      $groups.setFirst(constant(maxPageSize))
      return $groups
    }) satisfies FieldPlan,
  }
}

function paged(plan: FieldPlan): FieldPlan {
  return ($parent, args, info) => {
    const $connection = plan($parent, args, info)
    const $last = args.getRaw('last')
    const $limits = context().get('limits' as never) as ExecutableStep
    const { neededCollection } = $connection
    $connection.setFirst(lambda([args.getRaw('first'), $last, $limits], pageSize, true))
    $connection.setLast(
      lambda([$last, $limits], ([count, limits]) => checkCount('last', count, limits as Limits), true),
    )
    // A page size alone asks for no rows: who wants a total or aggregates would pay for a page that nobody reads.
    $connection.neededCollection = neededCollection
    return $connection
  }
}

function applyOffset(_: unknown, $connection: Connection, input: { getRaw(): ExecutableStep }): void {
  $connection.setOffset(lambda(input.getRaw(), checkOffset, true))
}

function checkOffset(offset: unknown): unknown {
  if (typeof offset !== 'number' || offset >= 0) return offset
  throw new RequestError('VALIDATION', '"offset" counts rows; it cannot be negative.')
}

/** Nobody but our server says them. */
type Limits = Pick<OperationLimits, 'pageSize' | 'maxPageSize'> | undefined

function pageSize([first, last, limits]: readonly unknown[]): number | null {
  const count = checkCount('first', first, limits as Limits)
  return count ?? (last == null ? ((limits as Limits)?.pageSize ?? defaultPageSize) : null)
}

function checkCount(argument: string, count: unknown, limits: Limits): number | null {
  if (count == null) return null
  const most = limits?.maxPageSize ?? maxPageSize
  if (typeof count === 'number' && count > most) {
    const message = `"${argument}" counts rows; ${most} at most. Read on with "after".`
    throw new RequestError('LIMIT', message, { limit: 'maxPageSize', most })
  }
  if (typeof count === 'number' && count >= 0) return count
  throw new RequestError('VALIDATION', `"${argument}" counts rows; it cannot be negative.`)
}
