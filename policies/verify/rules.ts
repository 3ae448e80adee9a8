import { canonicalJson } from '#base'
import {
  columnFields,
  didYouMeanHint,
  type Entity,
  hasDeletedAt,
  isReadOnly,
  type ModelPath,
  type Rule,
  type Verification,
  verbsOf,
} from '#schema'
import { coverableNames } from '../model/coverable.ts'
import { verifyPresets } from './presets.ts'

/** A rule, its entity and where it was written. */
interface Checked {
  readonly rule: Rule
  readonly entity: Entity
  readonly path: ModelPath
}

/** Every rule speaks of roles, verbs and fields that exist, and says what can hold. */
export function verifyRules(check: Verification): void {
  // What could not be read is null, and would make rules look alike.
  const isSound = check.problems.list.length === 0
  for (const policy of check.model.policies) {
    const entity = check.entities.get(policy.entity)
    if (entity === undefined) continue
    const seen = new Map<string, string>()
    for (const rule of policy.rules) {
      const checked = { rule, entity, path: [entity.name, 'policy', rule.title] }
      verifyAudience(check, checked)
      verifyRuleVerbs(check, checked)
      verifyShape(check, checked)
      verifyCreate(check, checked)
      verifyPresets(check, rule, entity, checked.path)
      if (isSound) verifyDuplicate(check, checked, seen)
    }
  }
}

function verifyAudience({ model, problems }: Verification, { rule, path }: Checked): void {
  const { audience } = rule
  if (audience.kind !== 'roles' && audience.kind !== 'except') return
  if (rule.effect === 'deny' && audience.kind === 'roles') {
    const hint =
      "Deny to `everyone`, `signedIn` or `everyoneExcept('…')`, and say where it does not hold with `unless`."
    const message = 'A denial to a role would take rights away from who gains the role.'
    problems.report('RULE_AUDIENCE_INVALID', { path: [...path, 'deny'] }, message, { hint })
    return
  }
  const known = model.roles.map(({ name }) => name)
  const whom = rule.effect === 'reserve' ? 'for' : rule.effect
  for (const role of audience.roles) {
    if (known.includes(role)) continue
    const hint = didYouMeanHint(role, known)
    problems.report('RULE_ROLE_UNKNOWN', { path: [...path, whom, role] }, `There is no role "${role}".`, {
      hint,
    })
  }
}

function verifyRuleVerbs({ problems }: Verification, { rule, entity, path }: Checked): void {
  if (rule.verbs === 'anything') return
  const known = verbsOf(entity)
  for (const verb of rule.verbs) {
    if (isReadOnly(entity) && verb !== 'read') {
      const hint = "Write `to: 'read'`."
      const message = `Rows of "${entity.name}" come from a select: there is nothing to ${verb}.`
      problems.report('REPORT_RULE_INVALID', { path: [...path, 'to', verb] }, message, { hint })
      continue
    }
    if ((verb === 'remove' || verb === 'restore') && !hasDeletedAt(entity)) {
      const message = `Rows of "${entity.name}" are never removed: they have no "deletedAt".`
      const hint = 'Speak of `delete`, or let the entity have "deletedAt".'
      problems.report('RULE_REMOVE_IMPOSSIBLE', { path: [...path, 'to', verb] }, message, { hint })
      continue
    }
    if (known.includes(verb)) continue
    const hint =
      verb === 'anything' ? 'Import the word `anything` and write it without quotes.' : didYouMeanHint(verb, known)
    problems.report('RULE_VERB_UNKNOWN', { path: [...path, 'to', verb] }, `"${entity.name}" has no verb "${verb}".`, {
      hint,
    })
  }
}

function verifyShape(check: Verification, checked: Checked): void {
  const { rule, path } = checked
  const isUpdate = rule.effect === 'allow' && rule.verbs !== 'anything' && rule.verbs.every((verb) => verb === 'update')
  if (rule.becoming !== null && !isUpdate) {
    const hint = 'Put the update into a rule of its own.'
    const message = '"becoming" speaks of the row after an update: it stands only where updates alone are allowed.'
    check.problems.report('RULE_BECOMING_MISPLACED', { path: [...path, 'becoming'], part: 'key' }, message, { hint })
  }
  if (rule.unless !== null && rule.effect !== 'deny') {
    const hint = 'Write `where: { not: { … } }`.'
    const message = '"unless" belongs to rules that deny.'
    check.problems.report('RULE_UNLESS_MISPLACED', { path: [...path, 'unless'], part: 'key' }, message, { hint })
  }
  verifyNarrowing(check, checked)
}

/** `only` and `except` as written, because a model has one list. */
function verifyNarrowing({ app, problems }: Verification, { rule, entity, path }: Checked): void {
  const policy = app.declarations.find((each) => each.kind === 'policy' && each.of === entity.name)
  const given = policy?.kind === 'policy' ? (policy.declared.rules[rule.title] as object) : {}
  const written = ['only', 'except'].filter((key) => Object.hasOwn(given, key))
  const [key] = written
  if (key === undefined) return
  const place = { path: [...path, key], part: 'key' } as const
  if (written.length === 2) problems.report('RULE_FIELDS_MISPLACED', place, 'Say "only" or "except", not both.')
  if (rule.effect !== 'allow' || rule.verbs === 'anything' || !rule.verbs.every(isFieldVerb)) {
    const message = `"${key}" stands only on rules that allow read, create or update, and nothing else.`
    problems.report('RULE_FIELDS_MISPLACED', place, message)
  }
}

/** Fields are read, given and changed; everything else is done with whole rows. */
export function isFieldVerb(verb: string): boolean {
  return verb === 'read' || verb === 'create' || verb === 'update'
}

/** A row needs all its required values at once: another rule cannot add them. */
function verifyCreate({ problems }: Verification, { rule, entity, path }: Checked): void {
  const creates = rule.effect === 'allow' && rule.verbs !== 'anything' && rule.verbs.includes('create')
  if (!creates || rule.fields === null) return
  const fields = columnFields(entity).filter(
    (field) => !field.optional && field.default === null && field.from === null && !field.builtIn,
  )
  const ones = entity.relations.filter(
    (each) =>
      (each.kind === 'one' && !each.optional && each.default === null) || (each.kind === 'oneOf' && !each.optional),
  )
  const needed = [...fields, ...ones].map(({ name }) => name)
  const given = new Set([...rule.fields, ...rule.sets.map(({ name }) => name)])
  const missing = coverableNames(entity).filter((name) => needed.includes(name) && !given.has(name))
  if (missing.length === 0) return
  const quoted = missing.map((name) => `"${name}"`).join(', ')
  const hint = 'Cover them, make them optional, or give them defaults.'
  const message = `No row can be made under this rule: it does not cover ${quoted}, which every "${entity.name}" needs.`
  problems.report('RULE_CREATE_IMPOSSIBLE', { path, part: 'key' }, message, { hint })
}

function verifyDuplicate({ problems }: Verification, { rule, path }: Checked, seen: Map<string, string>): void {
  const identity = canonicalJson({ ...rule, title: null, because: null })
  const known = seen.get(identity)
  if (known === undefined) return void seen.set(identity, rule.title)
  problems.report('RULE_DUPLICATE', { path, part: 'key' }, `This says the same as "${known}".`, {
    hint: 'Leave one of them out.',
  })
}
