import {
  columnFields,
  type Entity,
  type Expression,
  embedsOf,
  type ModelPath,
  type Rule,
  ruleCovers,
  type Verification,
} from '#schema'
import { type GuardedGroup, guardedGroups, mostGuardedGroups } from '../to-sql/guarded-fields.ts'
import { guardedReads } from '../to-sql/guarded-formulas.ts'
import { indexModel, type ModelIndex } from '../to-sql/model-index.ts'

/** How many policies one face may have. */
const mostWays = 64

interface Checked {
  readonly entity: Entity
  readonly index: ModelIndex
  readonly problems: Verification['problems']
}

/** Hidden fields stay hidden: the entity can hide them, and nothing that everybody sees is made of them. */
export function verifyGuardedFields({ model, problems }: Verification): void {
  // Formulas and rules that are not sound cannot be looked through.
  if (problems.list.length > 0) return
  const index = indexModel(model)
  const isGuarding = model.policies.some(({ rules }) =>
    rules.some((rule) => rule.effect === 'reserve' || rule.fields !== null),
  )
  if (!isGuarding) return
  for (const entity of model.entities) {
    const check = { entity, index, problems }
    const groups = guardedGroups(entity, index)
    if (groups.length > 0) verifyHiding(check, groups)
    verifyTold(check)
  }
}

function verifyHiding({ entity, index, problems }: Checked, groups: readonly GuardedGroup[]): void {
  const path = [entity.name, 'policy', hidingRule(entity, index).title] as const
  const cannot = whyNot(entity)
  if (cannot !== null) {
    const hint = 'Put what fewer people may see into an entity of its own, with its own policy.'
    problems.report(
      'RULE_READ_FIELDS_UNSUPPORTED',
      { path, part: 'key' },
      `Fields of "${entity.name}" cannot be hidden: ${cannot}.`,
      { hint },
    )
    return
  }
  if (groups.length > mostGuardedGroups) {
    const named = groups.map(({ names }) => names.join(' and ')).join('; ')
    const message = `The fields of "${entity.name}" have ${groups.length} different circles of readers: ${named}.`
    const hint = `At most ${mostGuardedGroups}: let more of them be seen by the same people, or put some into an entity of their own.`
    problems.report('GUARDED_FIELDS_TOO_MANY', { path, part: 'key' }, message, { hint })
  }
  const ways = groups.reduce((product, { readers }) => product * Math.max(1, readers.length), 1)
  if (groups.length <= mostGuardedGroups && ways > mostWays) {
    const message = `There are ${ways} ways in which rules show all fields of "${entity.name}"; each is a policy.`
    const hint = `At most ${mostWays}: let fewer rules that show rows or reserve fields speak of the hidden ones.`
    problems.report('GUARDED_FIELDS_TOO_MANY', { path, part: 'key' }, message, { hint })
  }
  for (const embed of embedsOf(entity)) {
    const parts = columnFields({ fields: [embed] }).map(({ name }) =>
      groups.findIndex(({ names }) => names.includes(name)),
    )
    if (new Set(parts).size < 2) continue
    const message = `"${embed.name}" is seen whole or not at all, but its parts have different readers.`
    problems.report('GUARDED_FIELD_SPLIT', { path, part: 'key' }, message, { hint: `Name "${embed.name}" itself.` })
  }
}

/** The rule that an author looks at: the first reserve, or the first that shows less than another. */
function hidingRule(entity: Entity, index: ModelIndex): Rule {
  const rules = index.rules.get(entity.name) ?? []
  const ofRead = rules.filter((rule) => ruleCovers(entity, rule, 'read'))
  return ofRead.find(({ effect }) => effect === 'reserve') ?? ofRead.find(({ fields }) => fields !== null) ?? rules[0]!
}

function whyNot(entity: Entity): string | null {
  if (entity.source.kind === 'adopted') return 'its table was there before'
  if (entity.source.kind !== 'table') return 'its rows come from a select'
  if (entity.fields.some(({ default: value }) => value?.kind === 'identity'))
    return 'its ids are numbers that Postgres gives'
  return null
}

/** Values that are made of others, for more people than see those. */
function verifyTold(check: Checked): void {
  const { entity, index } = check
  for (const { name, expression } of entity.computed) verifyFormula(check, expression, [entity.name, 'computed', name])
  for (const field of columnFields(entity)) {
    const path = [entity.name, 'fields', ...field.name.split('.')]
    const own = {
      path,
      flag: guardedGroups(entity, index).find(({ names }) => names.includes(field.name))?.flag ?? null,
    }
    if (field.default?.kind === 'expression') verifyStored(check, field.default.expression, own)
    if (field.from !== null)
      verifyStored(check, { kind: 'field', up: 0, path: field.from }, { ...own, path: [...path, 'from'] })
    const counted = field.numbering === null ? [] : namesInNumbering(field.numbering)
    const hidden = guardedGroups(entity, index).find(({ names }) => names.some((each) => counted.includes(each)))
    if (hidden === undefined || hidden.names.includes(field.name)) continue
    report(check, path, hidden.names.find((each) => counted.includes(each))!, entity.name)
  }
}

function namesInNumbering({ pattern, per }: { readonly pattern: string; readonly per: readonly string[] }) {
  return [...per, ...[...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)]
}

function verifyFormula(check: Checked, expression: Expression, path: ModelPath): void {
  for (const { entity, name } of guardedReads(expression, check.entity, check.index).elsewhere) {
    report(check, path, name, entity)
    return
  }
}

/** A stored value does not follow its sources: whoever sees it must see all of them. */
function verifyStored(
  check: Checked,
  expression: Expression,
  { path, flag }: { readonly path: ModelPath; readonly flag: string | null },
): void {
  const { flags, elsewhere } = guardedReads(expression, check.entity, check.index)
  const [other] = elsewhere
  const hidden = guardedGroups(check.entity, check.index).find(
    (group) => flags.includes(group.flag) && group.flag !== flag,
  )
  if (other !== undefined) report(check, path, other.name, other.entity)
  else if (hidden !== undefined) report(check, path, hidden.names[0]!, check.entity.name)
}

function report({ problems }: Checked, path: ModelPath, name: string, of: string): void {
  const hint = `Take it out of the formula, or let everybody who reads "${of}" see it.`
  const message = `This would tell "${name}" of "${of}", which not everybody sees.`
  problems.report('GUARDED_FIELD_TOLD', { path }, message, { hint })
}
