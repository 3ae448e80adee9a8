/** Names that a text uses and must import, by module. */
export interface Imports {
  use(module: string, name: string): void
}

/** Text that stands for a value where it is written by name. */
export type NamedValues = (value: unknown) => string | null

/** How values are printed. */
export interface Printing {
  readonly imports: Imports
  /** Values that stand in constants of their own: shared choices, entities. */
  readonly named: NamedValues
  /** Plain data and declarations as TypeScript; `printValue`, which formulas inside of values come back to. */
  readonly data: (value: unknown, printing: Printing, indent?: number) => string
}
