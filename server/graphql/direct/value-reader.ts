import { __InputListStep, __InputObjectStep, __InputStaticLeafStep, AccessStep, ConstantStep, type Step } from 'grafast'

/** Gives the value of a step, told that of the step it begins with. */
export type ValueReader = (from: unknown) => unknown

/** Steps that make a value of others and ask nobody, as Grafast runs them. */
interface PlainStep {
  readonly dependencies: readonly Step[]
  readonly unbatchedExecute: (extra: null, ...values: readonly unknown[]) => unknown
}

const plainSteps = [AccessStep, ConstantStep, __InputListStep, __InputObjectStep, __InputStaticLeafStep]

/**
 * Reads the value of a step as Grafast does, from that of another one, by calling the steps between them; null where one of these is more than access to
 * what was given.
 */
export function valueReader(step: Step, from: Step): ValueReader | null {
  if (step === from) return (value) => value
  if (!plainSteps.some((plain) => step instanceof plain)) return null
  const plain = step as unknown as PlainStep
  const readers = plain.dependencies.map((each) => valueReader(each, from))
  if (!readers.every((each) => each !== null)) return null
  if (step instanceof ConstantStep) {
    const constant = plain.unbatchedExecute(null)
    return () => constant
  }
  return (value) => plain.unbatchedExecute(null, ...readers.map((read) => read(value)))
}
