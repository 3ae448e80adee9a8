import type { LoadedModel } from '#policies'
import { type InspectFormat, inspectionOf } from '../../cli/inspect/inspection.ts'
import { inspectParts } from '../../cli/inspect/parts.ts'

/** What `rowhouse inspect` shows of the example, by path in the repository. */
export async function inspectFiles(app: LoadedModel): Promise<Readonly<Record<string, string>>> {
  const inspection = inspectionOf(app)
  const show = async (name: string, call: readonly string[], format: InspectFormat) => {
    const [what = '', ...names] = call
    return [`test/golden/inspect/${name}`, await inspectParts[what]!.show(names, format, inspection)] as const
  }
  return Object.fromEntries(
    await Promise.all([
      show('er.mmd', ['er'], 'mermaid'),
      show('er.dot', ['er'], 'dot'),
      show('er-membership.mmd', ['er', 'Membership'], 'mermaid'),
      show('states-order.mmd', ['states', 'Order'], 'mermaid'),
      show('states-order.dot', ['states', 'Order'], 'dot'),
      show('sql-order.sql', ['sql', 'Order'], 'sql'),
      show('policies-order.txt', ['policies', 'Order'], 'text'),
      show('why.txt', ['why', 'order_customer_fkey', 'order_status_wanted_on_idx', 'guard_order', 'invoicing_sales'], 'text'),
    ]),
  )
}
