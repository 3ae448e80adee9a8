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
  const report: ReportAt = (code, { node, source }, message, hint) =>
    problems.reportAt(code, spanOf(source, node), message, hint)
  for (const source of app.sources.opened()) checkKeys({ node: source.program, source }, report)
  for (const each of app.declarations) {
    for (const place of conditionsOf(check, each)) checkPlainData(app.sources, place, report)
  }
}

/** Where a declaration holds rules or conditions. */
function conditionsOf({ app, model, entities }: Verification, each: AppDeclaration): readonly Place[] {
  const { call } = each
  if (call === null || call.node.type !== 'CallExpression') return []
  const part = (path: readonly (string | number)[]) => findPart(app.sources, call, path) ?? []
  if (each.kind === 'policy') {
    const [, rules] = call.node.arguments
    return rules === undefined ? [] : [{ node: rules, source: call.source }]
  }
  if (each.kind === 'actor') return (model.actor?.values ?? []).flatMap(({ name }) => part([name, 'where']))
  if (each.kind !== 'entity') return []
  const entity = entities.get(each.of)
  const indexes = (entity?.indexes ?? []).flatMap((_, index) => part(['indexes', index, 'where']))
  const transitions = entity?.lifecycle?.transitions ?? []
  return [...indexes, ...transitions.flatMap(({ name }) => part(['lifecycle', 'transitions', name, 'when']))]
}
