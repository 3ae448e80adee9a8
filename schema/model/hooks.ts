/** When code runs beside the change of a row, in the order in which it comes. */
export const hookMoments = [
  'beforeValidate',
  'beforeCreate',
  'beforeUpdate',
  'onChange',
  'beforeRemove',
  'afterCreate',
  'afterUpdate',
  'afterRemove',
] as const

/** One of them. */
export type HookMoment = (typeof hookMoments)[number]

/** Code that runs beside the change of a row. */
export interface Hook {
  readonly moment: HookMoment
  /** Name of the field or to-one relation whose change it is for; null: any change. */
  readonly of: string | null
  /** Path of the file that is run, without its ending. */
  readonly runs: string
}
