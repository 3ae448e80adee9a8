import type { Imports } from './printing.ts'

/** Imports of one file, collected while it is printed. */
export interface CollectedImports extends Imports {
  /** One `import` line for each module, sorted: packages first, then files. */
  print(): string
}

/** No imports yet. */
export function collectImports(): CollectedImports {
  const modules = new Map<string, Set<string>>()
  return {
    use(module, name) {
      const names = modules.get(module) ?? new Set()
      modules.set(module, names.add(name))
    },
    print() {
      const order = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
        compare(rank(a) + a, rank(b) + b)
      return [...modules]
        .toSorted(order)
        .map(([module, names]) => printLine(module, [...names].toSorted(compare)))
        .join('')
    },
  }
}

/** Names below each other where they do not fit into one line. */
function printLine(module: string, names: readonly string[]): string {
  const line = `import { ${names.join(', ')} } from '${module}'\n`
  return line.length <= 121 ? line : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${module}'\n`
}

function rank(module: string): string {
  return module.startsWith('.') ? '1' : '0'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
