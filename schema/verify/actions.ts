import { didYouMeanHint } from '../complete/hint.ts'
import { type ActionAt, everyAction } from '../model/every-action.ts'
import type { Entity } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** What the input of every action has beside the author's. */
const ownInputs: ReadonlySet<string> = new Set(['clientMutationId', 'idempotencyKey', 'ifUpdatedAt'])

/** Inputs of actions leave room for what names the row, and what they answer is there. */
export function verifyActions(check: Verification): void {
  for (const each of everyAction(check.model)) {
    verifyInput(check, each)
    verifyOutput(check, each)
    verifyKinds(check, each)
  }
}

function verifyInput({ problems }: Verification, { entity, action: { input }, path }: ActionAt): void {
  const keys = new Set(entity === null ? [] : keyNames(entity))
  for (const { name } of input) {
    if (!ownInputs.has(name) && !keys.has(name)) continue
    const message = `The input of every action of ${entity === null ? 'the app' : `"${entity.name}"`} has "${name}" already.`
    const place = { path: [...path, 'input', name], part: 'key' } as const
    problems.report('ACTION_INPUT_RESERVED', place, message, { hint: 'Call it otherwise.' })
  }
}

function keyNames(entity: Entity): readonly string[] {
  const ones = new Set(toOnesOf(entity).map(({ name }) => name))
  return entity.key.map((part) => (ones.has(part) ? `${part}Id` : part))
}

/** Kinds of fields that only rows have. */
const unsupported: ReadonlySet<string> = new Set(['embed', 'period', 'shape', 'secret'])

function verifyKinds({ problems }: Verification, { action: { input, output }, path: of }: ActionAt): void {
  const answered = output?.kind === 'values' ? output.fields : []
  const parts = [
    ...input.filter(({ type }) => type.kind !== 'secret').map((field) => ['input', field] as const),
    ...answered.map((field) => ['output', field] as const),
  ]
  for (const [part, field] of parts) {
    const kind = field.type.kind === 'list' ? field.type.of.kind : field.type.kind
    if (!unsupported.has(kind)) continue
    const path = [...of, part, field.name]
    const hint = 'Write its parts as fields of their own, or a dict.'
    problems.report('ACTION_FIELD_UNSUPPORTED', { path }, `Only rows have fields of this kind: "${kind}".`, { hint })
  }
}

function verifyOutput({ problems, model }: Verification, { action: { name, output, runs }, path: of }: ActionAt): void {
  const path = [...of, 'output']
  if (output !== undefined && runs.startsWith('workers/')) {
    const hint = 'Leave it out, or run a script or an action. What a job makes is written to rows.'
    problems.report('ACTION_OUTPUT_LATE', { path, part: 'key' }, `"${name}" is answered before its job runs.`, { hint })
  }
  if (output?.kind !== 'row') return
  const known = model.entities.filter((each) => each.link === null && each.historyOf === null && !isReadOnly(each))
  const names = known.map((each) => each.name)
  if (names.includes(output.entity)) return
  const hint = didYouMeanHint(output.entity, names)
  problems.report('ACTION_OUTPUT_UNKNOWN', { path }, `There are no rows of "${output.entity}" to answer.`, { hint })
}
