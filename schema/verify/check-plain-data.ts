import type { ArrayExpression, CallExpression, Node, ObjectExpression } from 'oxc-parser'
import type { ModelErrorCode } from '#base'
import { isWrapper, keyName, type Place, resolvePlace, type Sources } from '../load/sources.ts'
import { isWord } from '../load/word-of.ts'

/** Takes what is wrong with a piece of source. */
export type ReportAt = (code: ModelErrorCode, place: Place, message: string, hint: string) => void

/**
 * Reports everything in a rule that is not plain data. Operators such as `a && b` or `a ? b : c` would silently drop one side,
 * and a spread may overwrite a key: types see neither.
 */
export function checkPlainData(sources: Sources, start: Place, report: ReportAt): void {
  const seen = new Set<Node>()
  const check = (place: Place): void => {
    if (seen.has(place.node)) return
    seen.add(place.node)
    checkNode(sources, place, { report, check })
  }
  check(start)
}

interface Checker {
  readonly report: ReportAt
  readonly check: (place: Place) => void
}

function checkNode(sources: Sources, place: Place, checker: Checker): void {
  const { node, source } = place
  if (isWrapper(node)) checker.check({ node: node.expression, source })
  else if (node.type === 'ArrayExpression') checkList(node, place, checker)
  else if (node.type === 'ObjectExpression') checkObject(sources, node, place, checker)
  else if (node.type === 'Identifier' || node.type === 'MemberExpression') checkName(sources, place, checker)
  else if (node.type === 'CallExpression') checkCall(sources, node, place, checker)
  else if (node.type === 'NewExpression') refuseNew(node.callee, place, checker)
  else if (!isPlainValue(node)) refuse(place, checker, described[node.type] ?? 'This expression')
}

function checkList(node: ArrayExpression, place: Place, checker: Checker): void {
  for (const element of node.elements) {
    if (element === null) refuse(place, checker, 'A list with a hole')
    else checker.check({ node: element.type === 'SpreadElement' ? element.argument : element, source: place.source })
  }
}

/** A value written out: text, number, true, false, null. */
function isPlainValue(node: Node): boolean {
  if (node.type === 'Literal') return !('regex' in node)
  if (node.type === 'TemplateLiteral') return node.expressions.length === 0
  return node.type === 'UnaryExpression' && node.operator === '-' && isNumber(node.argument)
}

const described: Readonly<Record<string, string>> = {
  ConditionalExpression: 'A choice with `? :`',
  LogicalExpression: 'A choice with `&&`, `||` or `??`',
  BinaryExpression: 'An operator',
  UnaryExpression: 'An operator',
  TemplateLiteral: 'A text put together from parts',
  Literal: 'A regular expression',
  ArrowFunctionExpression: 'A function',
  FunctionExpression: 'A function',
  AwaitExpression: 'Something awaited',
}

function refuse(place: Place, { report }: Checker, what: string): void {
  const hint = 'Write the rule twice, or combine with anyOf, allOf and not.'
  report('RULE_EXPRESSION_REFUSED', place, `${what} cannot stand in a rule: rules are plain data.`, hint)
}

function refuseNew(callee: Node, place: Place, checker: Checker): void {
  if (callee.type === 'Identifier' && callee.name === 'Date') refuseDate(place, checker)
  else refuse(place, checker, 'An object made with `new`')
}

function refuseDate(place: Place, { report }: Checker): void {
  const hint = "Write `now`, ago({ days: 30 }) or ahead({ hours: 1 }); a fixed instant is text: '2026-01-31T09:00:00Z'."
  const message = 'This `Date` is the moment when the app was loaded, not when the rule is asked.'
  report('RULE_EXPRESSION_REFUSED', place, message, hint)
}

function checkObject(sources: Sources, node: ObjectExpression, place: Place, checker: Checker): void {
  const { source } = place
  const taken = new Set<string>()
  for (const property of node.properties) {
    if (property.type !== 'Property') {
      checkSpread(sources, { node: property.argument, source }, taken, checker)
      continue
    }
    const name = keyName(property)
    const key = { node: property.key, source }
    if (name === null || property.kind !== 'init' || property.method) {
      refuse(key, checker, 'A computed key')
      continue
    }
    // Written twice by hand is told by the check of keys.
    if (taken.has(name) && node.properties.some(({ type }) => type === 'SpreadElement'))
      reportOverwrite(key, name, checker)
    taken.add(name)
    checker.check({ node: property.value, source })
  }
}

/** A spread of a named object is fine as long as each key comes once. */
function checkSpread(sources: Sources, spread: Place, taken: Set<string>, checker: Checker): void {
  const target = resolvePlace(sources, spread)
  if (isNamedCondition(sources, target)) {
    // Reading the rule tells it, with the way out, as long as nothing covers these keys.
    for (const name of ['of', 'where', 'at']) taken.add(name)
    return
  }
  if (target.node.type !== 'ObjectExpression') {
    refuse(spread, checker, 'A spread of something that is no object')
    return
  }
  for (const name of keysOf(sources, target)) {
    if (taken.has(name)) reportOverwrite(spread, name, checker)
    taken.add(name)
  }
  checker.check(spread)
}

/** `condition(Customer, { … })` */
function isNamedCondition(sources: Sources, target: Place): boolean {
  return (
    isDeclaration(sources, target) &&
    target.node.type === 'CallExpression' &&
    target.node.arguments[1]?.type === 'ObjectExpression'
  )
}

function reportOverwrite(place: Place, name: string, { report }: Checker): void {
  const hint = 'Give one of them another key, or combine both with allOf.'
  report(
    'RULE_SPREAD_OVERWRITES',
    place,
    `"${name}" comes from a spread and is written besides: one would be lost.`,
    hint,
  )
}

function keysOf(sources: Sources, { node, source }: Place): readonly string[] {
  if (node.type !== 'ObjectExpression') return []
  return node.properties.flatMap((property) => {
    if (property.type === 'Property') return keyName(property) ?? []
    return keysOf(sources, resolvePlace(sources, { node: property.argument, source }))
  })
}

/** A name must lead to plain data of the app, to a word of the language, or to a value of the actor. */
function checkName(sources: Sources, place: Place, checker: Checker): void {
  const target = resolvePlace(sources, place)
  const { node } = target
  if (node !== place.node && node.type !== 'Identifier') checker.check(target)
  else if (!isWord(sources, target) && !isMember(sources, target)) {
    const hint = 'Use a top-level `const` of this app that holds plain data.'
    checker.report('RULE_EXPRESSION_REFUSED', place, 'Rowhouse cannot follow this name to plain data.', hint)
  }
}

/** `actor.id` and the like. */
function isMember(sources: Sources, { node, source }: Place): boolean {
  return node.type === 'MemberExpression' && isDeclaration(sources, { node: node.object, source })
}

/** `actor`, whatever file it is from. */
function isDeclaration(sources: Sources, place: Place): boolean {
  const { node, source } = resolvePlace(sources, place)
  return node.type === 'CallExpression' && isWord(sources, { node: node.callee, source })
}

function checkCall(sources: Sources, node: CallExpression, place: Place, checker: Checker): void {
  const { source } = place
  if (isDateCall(node.callee)) refuseDate(place, checker)
  else if (isWord(sources, { node: node.callee, source })) {
    const [first] = node.arguments
    // The first argument of condition() names an entity.
    const isEntity = first?.type === 'Identifier' || first?.type === 'MemberExpression'
    for (const argument of node.arguments.slice(isEntity ? 1 : 0))
      checker.check({ node: argument.type === 'SpreadElement' ? argument.argument : argument, source })
  } else {
    const hint = 'Known calls are condition(…), usd(…), eur(…) and amount(…), imported from rowhouse.'
    checker.report('RULE_EXPRESSION_REFUSED', place, 'This call cannot stand in a rule: rules are plain data.', hint)
  }
}

/** `Date()`, `Date.now()`, and whatever is made of `new Date()`. */
function isDateCall(callee: Node): boolean {
  if (callee.type === 'Identifier') return callee.name === 'Date'
  if (callee.type === 'MemberExpression') return isDateCall(callee.object)
  return (callee.type === 'CallExpression' || callee.type === 'NewExpression') && isDateCall(callee.callee)
}

function isNumber(node: Node): boolean {
  return node.type === 'Literal' && (typeof node.value === 'number' || typeof node.value === 'bigint')
}
