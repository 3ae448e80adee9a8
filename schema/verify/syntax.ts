import type { AppDeclaration } from '../load/load-app.ts'
import { findPart } from '../load/locate.ts'
import { spanOf } from '../load/source-file.ts'
import type { Place } from '../load/sources.ts'
import { checkKeys } from './check-keys.ts'
import { checkPlainData, type ReportAt } from './check-plain-data.ts'
import type { Verification } from './context.ts'

/** Rules and conditions are plain data, and no key of the app's files is lost. What types and values cannot show. */
export function verifySyntax(check: Verification): void {
  const { app, problems } = check
  if (app.origin === 'model') return
  const report: ReportAt = (code, { node, source }, message, hint) =>
    problems.reportAt(code, spanOf(source, node), message, hint)
  for (const source of app.sources.opened()) checkKeys({ node: source.program, source }, report)
  for (const each of app.declarations) {
    if (each.call === null) continue
    const rules = rulesOf(each)
    if (rules !== null) checkPlainData(app.sources, rules, report)
    for (const path of conditionPaths(check, each)) {
      const place = findPart(app.sources, each.call, path)
      if (place !== null) checkPlainData(app.sources, place, report)
      else {
        const root = each.of === null ? each.kind : each.of
        const message = 'Rowhouse cannot find where this condition is written.'
        const hint = 'Write it in place, or as a top-level `const` of this app that holds plain data.'
        problems.report('RULE_EXPRESSION_REFUSED', { path: [root, ...path] }, message, { hint })
      }
    }
  }
}

/** All that a policy says. One that is not made by `policy(…)` itself is refused as a declaration. */
function rulesOf({ kind, call }: AppDeclaration): Place | null {
  if (kind !== 'policy' || call?.node.type !== 'CallExpression') return null
  const [, rules] = call.node.arguments
  return rules === undefined ? null : { node: rules, source: call.source }
}

type Path = readonly (string | number)[]

/** Where a declaration holds conditions. */
function conditionPaths({ model, entities }: Verification, each: AppDeclaration): readonly Path[] {
  if (each.kind === 'actor') {
    const reaches = (model.actor?.values ?? []).filter((value) => value.kind === 'reach' && value.where !== null)
    return reaches.map(({ name }) => [name, 'where'])
  }
  const entity = each.kind === 'entity' ? entities.get(each.of) : undefined
  if (entity === undefined) return []
  // Indexes of single fields come first, and have no condition.
  const listed = (['unique', 'indexes'] as const).flatMap((key) => {
    const offset = entity[key].length - writtenCount(each, key)
    return entity[key].flatMap(({ where }, index): readonly Path[] =>
      where === null ? [] : [[key, index - offset, 'where']],
    )
  })
  const guarded = (entity.lifecycle?.transitions ?? []).filter(({ when }) => when !== null)
  const rules = entity.rules.map(({ title }) => ['rules', title])
  const apart = entity.noOverlap.filter(({ where }) => where !== null)
  return [
    ...listed,
    ...rules,
    ...apart.map(({ title }) => ['noOverlap', title, 'where']),
    ...guarded.map(({ name }) => ['lifecycle', 'transitions', name, 'when']),
  ]
}

function writtenCount(each: AppDeclaration, key: 'unique' | 'indexes'): number {
  const written = each.kind === 'entity' ? each.declared.definition[key] : undefined
  return Array.isArray(written) ? written.length : 0
}
