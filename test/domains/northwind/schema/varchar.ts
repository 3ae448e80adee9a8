/**
 * Options of a text in a `character varying` column of the tables that are adopted.
 *
 * @param max characters that the column holds
 * @param name of the column, where it is not the field's own in snake case
 */
export function varchar<const Name extends string = never>(max: number, name?: Name) {
  const type = `varchar(${max})`
  return { max, column: name === undefined ? { type } : { name, type } }
}

/** Options of an `int` in a `smallint` column. */
export const smallint = { column: { type: 'smallint' } } as const

/** Options of a `float` in a `real` column. */
export const real = { column: { type: 'real' } } as const
