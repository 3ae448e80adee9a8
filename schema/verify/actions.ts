import { didYouMeanHint } from '../complete/hint.ts'
import type { Action, Entity } from '../model/model.ts'
import { isReadOnly } from '../model/read-only.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'

/** What the input of every action has beside the author's. */
const ownInputs: ReadonlySet<string> = new Set(['clientMutationId', 'idempotencyKey', 'ifUpdatedAt'])

/** Inputs of actions leave room for what names the row, and what they answer is there. */
export function verifyActions(check: Verification): void {
  for (const entity of check.model.entities)
    for (const action of entity.actions) {
      verifyInput(check, entity, action)
      verifyOutput(check, entity, action)
      verifyKinds(check, entity, action)
    }
}

function verifyInput({ problems }: Verification, entity: Entity, { name, input }: Action): void {
  const keys = new Set(
    entity.key.map((part) => (toOnesOf(entity).some((one) => one.name === part) ? `${part}Id` : part)),
  )
  for (const field of input) {
    if (!ownInputs.has(field.name) && !keys.has(field.name)) continue
    const path = [entity.name, 'actions', name, 'input', field.name]
    const message = `The input of every action of "${entity.name}" has "${field.name}" already.`
    problems.report('ACTION_INPUT_RESERVED', { path, part: 'key' }, message, { hint: 'Call it otherwise.' })
  }
}

/** Kinds of fields that only rows have. */
const unsupported: ReadonlySet<string> = new Set(['embed', 'period', 'shape', 'secret'])

function verifyKinds({ problems }: Verification, entity: Entity, { name, input, output }: Action): void {
  const answered = output?.kind === 'values' ? output.fields : []
  const parts = [
    ...input.filter(({ type }) => type.kind !== 'secret').map((field) => ['input', field] as const),
    ...answered.map((field) => ['output', field] as const),
  ]
  for (const [part, field] of parts) {
    const kind = field.type.kind === 'list' ? field.type.of.kind : field.type.kind
    if (!unsupported.has(kind)) continue
    const path = [entity.name, 'actions', name, part, field.name]
    const hint = 'Write its parts as fields of their own, or a dict.'
    problems.report('ACTION_FIELD_UNSUPPORTED', { path }, `Only rows have fields of this kind: "${kind}".`, { hint })
  }
}

function verifyOutput({ problems, model }: Verification, entity: Entity, { name, output, runs }: Action): void {
  const path = [entity.name, 'actions', name, 'output']
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
