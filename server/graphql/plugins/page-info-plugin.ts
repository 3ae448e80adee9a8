import { type PgResource, PgSelectStep } from '@dataplan/pg'
import { type ExecutableStep, lambda } from 'grafast'
import 'postgraphile'

type Given = ExecutableStep & { evalIs(value: unknown): boolean }

type Connection = ExecutableStep & { getSubplan(): PgSelectStep }

interface Args {
  getRaw(name: string): Given | undefined
}

type FieldPlan = ($parent: never, args: Args, info: never) => Connection

/** How many rows there are between the cursors, as far as it matters. */
interface Probe {
  readonly $first: ExecutableStep
  readonly $last: ExecutableStep
  readonly $count: () => ExecutableStep
}

const probes = new WeakMap<ExecutableStep, Probe>()

/**
 * `hasNextPage` and `hasPreviousPage` by the letter of the Relay specification also where `first` and `last` are both given, or one of them is 0: the
 * connections of Grafast say false there. It takes a statement of its own, in these cases alone. And every edge has a cursor, as the specification says.
 */
export const PageInfoPlugin: GraphileConfig.Plugin = {
  name: 'PageInfoPlugin',
  version: '1.0.0',
  after: ['PageSizePlugin', 'PageInfoStartEndCursorPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, build, { scope, Self }) {
        if ((scope as { isCursorField?: boolean }).isCursorField === true)
          return { ...field, type: new build.graphql.GraphQLNonNull(field.type as never) }
        const plan = field.plan as FieldPlan | undefined
        if ((scope as { isPgFieldConnection?: boolean }).isPgFieldConnection === true && plan !== undefined)
          return { ...field, plan: probed(plan) as never }
        if (Self.name !== 'PageInfo') return field
        const { fieldName } = scope
        if (fieldName !== 'hasNextPage' && fieldName !== 'hasPreviousPage') return field
        return { ...field, plan: sided(fieldName, plan as PagePlan | undefined) as never }
      },
    },
  },
}

function probed(plan: FieldPlan): FieldPlan {
  return ($parent, args, info) => {
    const $connection = plan($parent, args, info)
    const [$first, $last] = [args.getRaw('first'), args.getRaw('last')]
    if ($first === undefined || $last === undefined || !isOdd($first, $last)) return $connection
    const $select = $connection.getSubplan()
    let $made: ExecutableStep | null = null
    const $count = () => {
      $made ??= countUpTo($select, lambda([$first, $last], needed, true))
      return $made
    }
    probes.set($connection, { $first, $last, $count })
    return $connection
  }
}

function isOdd($first: Given, $last: Given): boolean {
  if ($first.evalIs(0) || $last.evalIs(0)) return true
  const isGiven = ($count: Given) => !$count.evalIs(undefined) && !$count.evalIs(null)
  return isGiven($first) && isGiven($last)
}

/** One row more than either side asks for tells whether there are more. */
function needed([first, last]: readonly unknown[]): number {
  return 1 + Math.max(0, ...[first, last].filter((count) => typeof count === 'number'))
}

interface Pages {
  firstStepId: number | null
  lastStepId: number | null
}

function countUpTo($select: PgSelectStep, $limit: ExecutableStep): ExecutableStep {
  const $rows = PgSelectStep.clone($select as PgSelectStep<PgResource>, 'normal')
  Object.assign($rows as unknown as Pages, { firstStepId: null, lastStepId: null })
  $rows.setFirst($limit as never)
  return lambda($rows.items(), (rows) => (Array.isArray(rows) ? rows.length : 0), true)
}

/** The step of a connection's page info, which depends on that of the connection. */
type PageInfo = ExecutableStep & {
  get(name: string): ExecutableStep
  getDepOptions(index: number): { readonly step: ExecutableStep }
}

type PagePlan = ($info: PageInfo) => ExecutableStep

function sided(fieldName: string, plan: PagePlan | undefined): PagePlan {
  return ($info) => {
    const probe = probes.get($info.getDepOptions(0).step)
    if (probe === undefined) return plan === undefined ? $info.get(fieldName) : plan($info)
    const $wanted = fieldName === 'hasNextPage' ? probe.$first : probe.$last
    return lambda([probe.$count(), $wanted], hasMore, true)
  }
}

function hasMore([count, wanted]: readonly unknown[]): boolean {
  return typeof wanted === 'number' && (count as number) > wanted
}
