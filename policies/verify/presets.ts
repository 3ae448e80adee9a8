import {
  carriedColumns,
  columnField,
  type Entity,
  type ModelPath,
  ownDefaultReads,
  ownOf,
  type Preset,
  type Rule,
  toOnesOf,
  type Verification,
} from '#schema'

/** What a rule gives a row is something that callers could give it, once, and that nothing else of the row is made of. */
export function verifyPresets(check: Verification, rule: Rule, entity: Entity, path: ModelPath): void {
  if (rule.sets.length === 0) return
  const { problems } = check
  const isOfFields =
    rule.effect === 'allow' &&
    rule.verbs !== 'anything' &&
    rule.verbs.every((verb) => verb === 'create' || verb === 'update')
  if (!isOfFields) {
    const message = '"sets" stands only on rules that allow create or update, and nothing else.'
    problems.report('RULE_SETS_INVALID', { path: [...path, 'sets'], part: 'key' }, message, {
      hint: 'Put creates and updates into a rule of their own.',
    })
    return
  }
  for (const preset of rule.sets) {
    if (rule.fields?.includes(preset.name)) {
      const message = `"${preset.name}" is given by the rule, and so taken from no caller.`
      const hint = 'Leave it out of "only", or out of "sets".'
      problems.report('RULE_SETS_INVALID', { path: [...path, 'only', preset.name] }, message, { hint })
    }
    const fault = faultOf(preset, rule, entity, check)
    if (fault === null) continue
    const place = { path: [...path, 'sets', preset.name], part: 'key' } as const
    problems.report('RULE_SETS_INVALID', place, fault[0], { hint: fault[1] })
  }
}

type Fault = readonly [message: string, hint: string]

function faultOf({ name, to }: Preset, rule: Rule, entity: Entity, check: Verification): Fault | null {
  const field = columnField(entity, name)
  const relation = toOnesOf(entity).find((each) => each.name === name)
  if (ownOf(entity, name) === null)
    return [`"${name}" is no single value that callers could give.`, 'Name a declared field, or a to-one relation.']
  if (field?.numbering != null) return [`"${name}" is numbered by the database.`, 'Leave it out.']
  if ((field ?? relation)?.readonly === true && rule.verbs.includes('update'))
    return [`"${name}" never changes once the row is made.`, 'Set it where rows are created, in a rule of its own.']
  if (to.kind === 'value' && to.value === null && (field ?? relation)?.optional === false)
    return [`"${name}" is required: it cannot become null.`, 'Give it a value.']
  if (relation !== undefined) {
    const hangs = relation.part || relation.name === entity.tree || relation.same !== null
    if (hangs || carriedColumns(entity).some(({ hop }) => hop.name === name))
      return [`The place of the row hangs on "${name}", which the caller must say.`, 'Ask for it in `where` instead.']
  }
  const reader = readerOf(name, entity, check)
  if (reader === null) return null
  return [
    `"${reader}" is made of "${name}" before a rule can give it.`,
    'Let the caller give it, and ask for it in `where`.',
  ]
}

/** What is filled in when a row is made, from this field or relation. */
function readerOf(name: string, entity: Entity, { entities }: Verification): string | null {
  const reads = entity.fields.find(({ name: own, from, default: given, numbering, type }) => {
    if (from?.[0] === name) return true
    if (numbering?.per.includes(name) || numbering?.pattern.includes(`{${name}}`)) return true
    if (from !== null && type.kind === 'money' && type.in === name) return true
    return given?.kind === 'expression' && ownDefaultReads(entity, own, entities).includes(name)
  })
  return reads?.name ?? null
}
