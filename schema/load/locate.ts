import type { Node } from 'oxc-parser'
import type { AppDeclaration } from './load-app.ts'
import type { Locate } from './problems.ts'
import { spanOf } from './source-file.ts'
import { keyName, type Place, resolvePlace, type Sources } from './sources.ts'
import { isWord, wordOf } from './word-of.ts'

/** The value of a part of a declaration, and the key in front of it. */
interface Step {
  readonly value: Place
  readonly key: Place | null
}

/** Answers where a part of the model was written, or the nearest place around it. */
export function locateIn(sources: Sources, declarations: readonly AppDeclaration[]): Locate {
  return (path, part = 'value') => {
    const root = declarationOf(declarations, path)
    if (root === null || root.declaration.call === null) return null
    let step = rootStep(root.declaration.call)
    for (const segment of root.rest) {
      const next = descend(sources, step.value, segment)
      // The key of the nearest thing that exists is short, its value may be a screenful.
      if (next === null) return spanOfPlace(step.key ?? step.value)
      step = next
    }
    return spanOfPlace(part === 'key' || root.rest.length === 0 ? (step.key ?? step.value) : step.value)
  }
}

/** Which declaration a path begins in. */
function declarationOf(
  declarations: readonly AppDeclaration[],
  path: readonly (string | number)[],
): { declaration: AppDeclaration; rest: readonly (string | number)[] } | null {
  const [first, second] = path
  const [kind, of, used] =
    first === 'roles' || first === 'actor' || first === 'actions'
      ? [first, null, 1]
      : first === 'subscribers'
        ? (['subscriber', second as string, 2] as const)
        : second === 'policy' || second === 'formulas' || second === 'defaults'
          ? ([second, first, 2] as const)
          : (['entity', first, 1] as const)
  const declaration = declarations.find((each) => each.kind === kind && (of === null || each.of === of))
  return declaration === undefined ? null : { declaration, rest: path.slice(used) }
}

/** The whole call; its key is the first argument where that is a name, else the called name. */
function rootStep(call: Place): Step {
  if (call.node.type !== 'CallExpression') return { value: call, key: null }
  const [first] = call.node.arguments
  const named = first !== undefined && (first.type === 'Literal' || first.type === 'Identifier')
  return { value: call, key: { node: named ? first : call.node.callee, source: call.source } }
}

function descend(sources: Sources, from: Place, segment: string | number): Step | null {
  const at = resolvePlace(sources, from)
  const { node } = at
  if (node.type === 'ObjectExpression') return descendObject(sources, at, String(segment))
  if (node.type === 'ArrayExpression') return descendArray(at, segment)
  if (node.type === 'CallExpression') return descendCall(sources, at, segment)
  // A list of one may be written without brackets.
  return segment === 0 || isWritten(node, segment) ? { value: from, key: from } : null
}

/** The value of a part of a declaration exactly as it was written, or null. */
export function findPart(sources: Sources, call: Place, path: readonly (string | number)[]): Place | null {
  let at = call
  for (const segment of path) {
    const next = descend(sources, at, segment)
    if (next === null) return null
    at = next.value
  }
  return at
}

function descendObject(sources: Sources, at: Place, name: string): Step | null {
  if (at.node.type !== 'ObjectExpression') return null
  for (const property of at.node.properties.toReversed()) {
    if (property.type === 'SpreadElement') {
      const found = descend(sources, { node: property.argument, source: at.source }, name)
      if (found !== null) return found
    } else if (keyName(property) === name) {
      return { value: { node: property.value, source: at.source }, key: { node: property.key, source: at.source } }
    }
  }
  return null
}

function descendArray(at: Place, segment: string | number): Step | null {
  if (at.node.type !== 'ArrayExpression') return null
  const { elements } = at.node
  if (elements.some((element) => element === null || element.type === 'SpreadElement')) return null
  const node = typeof segment === 'number' ? elements[segment] : elements.find((element) => isWritten(element, segment))
  return node === undefined || node === null ? null : both(at, node)
}

/** `one('Customer', { … })`, `choice([…], { … })`, `condition(Customer, { … })`, `claim(choice([…]))` and the like. */
function descendCall(sources: Sources, at: Place, segment: string | number): Step | null {
  if (at.node.type !== 'CallExpression' || !isWord(sources, { node: at.node.callee, source: at.source })) return null
  const [first, second] = at.node.arguments
  const isNamed = first?.type === 'Literal'
  if ((segment === 'to' || segment === 'pattern') && isNamed) return both(at, first)
  // The second end of `many('Tag', { through: 'Tagging', to: 'tag' })`.
  if (segment === 'toward' && second !== undefined) return descend(sources, { node: second, source: at.source }, 'to')
  // `list(string())`; `period({ of: 'date' })` has an option of that name.
  if (segment === 'of' && first !== undefined && first.type !== 'ObjectExpression') return both(at, first)
  const isOption = wordOf(sources, { node: at.node.callee, source: at.source }) === 'dict'
  if (segment === 'parts' || (segment === 'values' && !isOption)) {
    const values = isNamed ? second : first
    return values === undefined ? null : both(at, values)
  }
  const named = at.node.arguments.find((each) => each.type === 'Literal' && each.value === segment)
  if (named !== undefined && wordOf(sources, { node: at.node.callee, source: at.source }) === 'everyoneExcept')
    return both(at, named)
  for (const argument of at.node.arguments.toReversed()) {
    const found = descend(sources, { node: argument, source: at.source }, segment)
    if (found !== null && resolvePlace(sources, { node: argument, source: at.source }).node.type !== 'Literal')
      return found
  }
  return null
}

function both(at: Place, node: Node): Step {
  const place = { node, source: at.source }
  return { value: place, key: place }
}

function spanOfPlace(place: Place) {
  return spanOf(place.source, place.node)
}

/** A name in a list stands for itself; `-wantedOn` is `wantedOn`. */
function isWritten(node: Node | null, name: string | number): boolean {
  return node?.type === 'Literal' && (node.value === name || node.value === `-${name}`)
}
