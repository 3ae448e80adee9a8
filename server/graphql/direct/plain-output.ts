import type { Step } from 'grafast'
import type { Frame, FrameShape, LayerPlan, Reader } from './frames.ts'
import { NotPlain, nameOf, type PlainSteps } from './plain-steps.ts'

/** What Grafast keeps of an answer besides its types; version 1.1 is pinned. */
export interface OutputPlan {
  readonly type: { readonly mode: string; readonly typeName?: string }
  readonly layerPlan: LayerPlan
  readonly rootStep: Step
  readonly sideEffectStep: Step | null
  readonly processRoot: unknown
  readonly deferredOutputPlans: readonly unknown[]
  /** Of an object, by the name in the answer, in order. */
  readonly keys: Readonly<Record<string, { readonly type: '__typename' } | OutputField>>
  /** Of a list. */
  readonly child: OutputPlan | null
  readonly childIsNonNull: boolean
  readonly executeString: (root: null, path: null, bucket: null, at: 0, value: unknown, flags: 0) => string
}

interface OutputField {
  readonly type: 'outputPlan'
  readonly outputPlan: OutputPlan
  readonly isNonNull: boolean
}

/** Writes a part of an answer as JSON. */
export type Writer = (frame: Frame) => string

/** Where a part of an answer is. */
export interface Place {
  readonly steps: PlainSteps
  readonly shape: FrameShape
  /** Of what it is in: whose nulls are known. */
  readonly layer: LayerPlan
}

/** A writer of a part of an answer; null: there is more to it than objects, lists and leaves. */
export function plainOutput(plan: OutputPlan, place: Place): Writer | null {
  const isPlain = plan.sideEffectStep === null && plan.processRoot === null && plan.deferredOutputPlans.length === 0
  if (!isPlain || place.steps.shapeOf(plan.layerPlan) !== place.shape) return null
  const inside = { ...place, layer: plan.layerPlan }
  if (plan.type.mode === 'root') return objectWriter(plan, inside)
  const read = place.steps.reader(plan.rootStep, place.shape)
  const write = read === null ? null : writerOf(plan, read, inside)
  const others = boundsOf(plan.layerPlan, place.layer)?.filter((step) => step !== plan.rootStep)
  const bounds = others?.map((step) => place.steps.reader(step, place.shape))
  if (write === null || !bounds?.every((bound) => bound !== null)) return null
  if (bounds.length === 0) return write
  return (frame) => (bounds.some((bound) => bound(frame) == null) ? 'null' : write(frame))
}

function writerOf(plan: OutputPlan, read: Reader, inside: Place): Writer | null {
  if (plan.type.mode === 'leaf') return (frame) => plan.executeString(null, null, null, 0, read(frame), 0)
  if (plan.type.mode === 'array') return arrayWriter(plan, read, inside)
  const write = plan.type.mode === 'object' ? objectWriter(plan, inside) : null
  return write === null ? null : (frame) => (read(frame) == null ? 'null' : write(frame))
}

/** Steps between a layer and one above it that leave all below out where they give null; null: the one is not above the other. */
function boundsOf(layer: LayerPlan, above: LayerPlan): readonly Step[] | null {
  if (layer === above) return []
  const { reason, rootStep } = layer
  if (reason.type !== 'nullableBoundary' || rootStep === null || reason.parentLayerPlan === undefined) return null
  const more = boundsOf(reason.parentLayerPlan, above)
  return more === null ? null : [...more, rootStep]
}

function objectWriter({ type, keys }: OutputPlan, place: Place): Writer | null {
  const fields: { readonly before: string; readonly write: Writer }[] = []
  const typeName = JSON.stringify(type.typeName)
  for (const [name, key] of Object.entries(keys)) {
    const write = key.type === '__typename' ? () => typeName : fieldWriter(key, place)
    if (write === null) return null
    fields.push({ before: `${fields.length === 0 ? '{' : ','}${JSON.stringify(name)}:`, write })
  }
  if (fields.length === 0) return null
  return (frame) => {
    let text = ''
    for (const { before, write } of fields) text += before + write(frame)
    return `${text}}`
  }
}

function fieldWriter(field: OutputField, place: Place): Writer | null {
  const write = field.type === 'outputPlan' ? plainOutput(field.outputPlan, place) : null
  return write === null || !field.isNonNull ? write : neverNull(write)
}

function arrayWriter({ child, childIsNonNull, rootStep }: OutputPlan, read: Reader, place: Place): Writer | null {
  const shape = child === null ? null : place.steps.shapeOf(child.layerPlan)
  if (child === null || shape?.parent !== place.shape || !isItemOf(shape.layer.rootStep, rootStep)) return null
  const writeItem = plainOutput(child, { ...place, shape, layer: shape.layer })
  if (writeItem === null) return null
  const write = childIsNonNull ? neverNull(writeItem) : writeItem
  return (frame) => {
    const items = read(frame)
    if (items == null) return 'null'
    if (!Array.isArray(items)) throw new NotPlain()
    let text = ''
    for (const item of items) text += `${text === '' ? '' : ','}${write(shape.frame(frame, item))}`
    return `[${text}]`
  }
}

function isItemOf(item: Step | null, list: Step): boolean {
  if (item === null || nameOf(item) !== 'grafast.__ItemStep') return false
  return (item as unknown as { readonly dependencies: readonly Step[] }).dependencies[0] === list
}

/** Where null is an error, Grafast tells of it. */
function neverNull(write: Writer): Writer {
  return (frame) => {
    const text = write(frame)
    if (text === 'null') throw new NotPlain()
    return text
  }
}
