import type {
  CatalogRole,
  Column,
  Constraint,
  DatabaseFunction,
  Grant,
  Index,
  Policy,
  Table,
  Trigger,
  View,
} from '../catalog/catalog.ts'

/**
 * How much a change asks for. `add` makes something new that every row fits already; `replace` touches no row;
 * `destructive` loses data, may trip over existing rows, or cannot be undone.
 */
export type ChangeClass = 'add' | 'replace' | 'destructive'

/** One object that differs between two generated catalogs. `from` is null when it is new, `to` when it goes. */
export type Change = ObjectChange & {
  readonly class: ChangeClass
  /** `column app.order weight: added, required and without default` */
  readonly description: string
}

/** The object itself, with the table that it hangs on as the new catalog has it. */
export type ObjectChange =
  | Both<'role', CatalogRole>
  | Both<'table', Table>
  | Both<'function', DatabaseFunction>
  | Both<'view', View>
  | OnTable<'column', Column>
  | OnTable<'constraint', Constraint>
  | OnTable<'index', Index>
  | OnTable<'policy', Policy>
  | OnTable<'trigger', Trigger>
  | OnTable<'grant', Grant>
  /** Comment, owner and row security of the table itself. */
  | OnTable<'options', Table>

interface Both<Kind extends string, T> {
  readonly kind: Kind
  readonly from: T | null
  readonly to: T | null
}

interface OnTable<Kind extends string, T> extends Both<Kind, T> {
  readonly table: Table
}
