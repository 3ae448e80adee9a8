/** When code runs beside the change of a row, in the order in which it comes. */
export const hookMoments = [
  'beforeValidate',
  'afterValidate',
  'beforeCreate',
  'beforeUpdate',
  'onChange',
  'beforeTransition',
  'beforeRemove',
  'afterCreate',
  'afterUpdate',
  'afterChange',
  'afterTransition',
  'afterRemove',
] as const

/** Of a field or to-one each. */
export const fieldMoments: readonly HookMoment[] = ['onChange', 'afterChange']

/** Of all transitions, or of one each. */
export const transitionMoments: readonly HookMoment[] = ['beforeTransition', 'afterTransition']

/** One of them. */
export type HookMoment = (typeof hookMoments)[number]

/** Code that runs beside the change of a row. */
export interface Hook {
  readonly moment: HookMoment
  /** Name of the field or to-one relation whose change it is for, or of the transition; null: any. */
  readonly of: string | null
  /** Path of the file that is run, without its ending. */
  readonly runs: string
}
