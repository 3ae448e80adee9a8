import { type Node, visitorKeys } from 'oxc-parser'
import { keyName, type Place } from '../load/sources.ts'
import type { ReportAt } from './check-plain-data.ts'

/** Reports keys that JavaScript drops without a word: written twice, or `__proto__`. */
export function checkKeys(start: Place, report: ReportAt): void {
  walk(start.node, (node) => {
    if (node.type !== 'ObjectExpression') return
    const taken = new Set<string>()
    for (const property of node.properties) {
      if (property.type !== 'Property') continue
      const name = keyName(property)
      const place = { node: property.key, source: start.source }
      if (name === '__proto__') {
        report(
          'KEY_REFUSED',
          place,
          '"__proto__" is no key: JavaScript takes it as the prototype.',
          'Call it otherwise.',
        )
      } else if (name !== null && taken.has(name)) {
        report(
          'KEY_DUPLICATE',
          place,
          `"${name}" is written twice; the first would be lost.`,
          'Give one of them another name.',
        )
      }
      if (name !== null) taken.add(name)
    }
  })
}

/** Visits a node and everything in it. */
function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const key of visitorKeys[node.type] ?? []) {
    const inner = (node as unknown as Record<string, unknown>)[key]
    for (const each of Array.isArray(inner) ? inner : [inner]) {
      if (typeof each === 'object' && each !== null) walk(each as Node, visit)
    }
  }
}
