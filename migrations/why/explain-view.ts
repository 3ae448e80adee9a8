import { entityOf, reachedName, rulesOf } from '#policies'
import type { View } from '../catalog/catalog.ts'
import { rulePath } from './explain-fence.ts'
import { because, type Explaining, type Explanation, entityPath, quoted } from './explanation.ts'
import { roleWords } from './role-words.ts'

/** Why there is a view: the select of a report, one that was there before, or the fence around either. */
export function explainView(view: View, explaining: Explaining): Explanation {
  if (view.behindPolicies === true) {
    const value = explaining.index.model.actor?.values.find((each) => reachedName(each.name) === view.name)
    const sentence = `"${view.name}": ${view.comment ?? ''} Policies read it once per statement, as the rows that actor.${value?.name} stands for.`
    return because(sentence, [value === undefined ? [] : ['actor', value.name]])
  }
  const entity = entityOf(explaining.index, view.entity)
  if (view.report !== undefined) {
    const sentence = `"${view.name}" is the select of ${entity.name}, from "${view.report.file}": it sees the live rows of the tenant, and no caller may read it.`
    return because(sentence, [entityPath(entity)])
  }
  if (view.adopted !== undefined) {
    const sentence = `"${view.schema}.${view.name}" was there before, and ${entity.name} shows its rows: the owner of the fence around it may read it, and no caller.`
    return because(sentence, [entityPath(entity)])
  }
  const rules = rulesOf(explaining.index, entity)
  if (view.securityInvoker === true) {
    const sentence = `"${view.name}" is what callers read of ${entity.name}: every row that they see, without what is hidden from them.`
    const hiding = rules.filter(({ effect, fields }) => effect === 'reserve' || fields !== null)
    return because(sentence, [entityPath(entity), ...hiding.map((rule) => rulePath(entity, rule))])
  }
  const readers = view.grants.map(({ to }) => to)
  const who = readers.length === 0 ? 'nobody' : roleWords(readers, explaining)
  return because(
    `"${view.name}" shows ${who} the rows of ${entity.name} that the rules allow: ${quoted(rules.map(({ title }) => title))}.`,
    [entityPath(entity), ...rules.map((rule) => rulePath(entity, rule))],
  )
}
