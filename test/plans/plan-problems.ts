/** A node of `explain (analyze, format json)`. */
export interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Parent Relationship'?: string
  readonly 'Subplan Name'?: string
  readonly 'Plan Rows': number
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Index Cond'?: string
  readonly 'Index Name'?: string
  readonly Filter?: string
  readonly 'Join Filter'?: string
  readonly 'Recheck Cond'?: string
  readonly 'Hash Cond'?: string
  readonly 'Merge Cond'?: string
  readonly Plans?: readonly PlanNode[]
  readonly [name: string]: unknown
}

/** Expressions that are evaluated for each row that comes by. What an index is asked is evaluated once. */
const perRow = ['Filter', 'Join Filter', 'Recheck Cond', 'Hash Cond', 'Merge Cond'] as const

/** From how many rows on a table is large. */
const large = 1000

/** A scan that throws away more of what it reads than this looks for few rows among many. */
const wasted = 0.9

/**
 * What is wrong with a plan: a function or a sub-query that is asked for each row, and a large table that is gone through for few of its rows.
 */
export function planProblems(root: PlanNode): readonly string[] {
  return [...callsPerRow(root), ...(root['Actual Rows'] === undefined ? [] : walks(root))]
}

function callsPerRow(node: PlanNode): readonly string[] {
  const own = perRow.flatMap((name) => {
    const text = withoutGuess(node[name] ?? '')
    const calls = [...text.matchAll(/\b(?:rowhouse(?:_private)?\.\w+|current_setting)\(/g)].map(([call]) => `${call})`)
    const queries = [...text.matchAll(/(?<!hashed )\bSubPlan \d+/g)].map(([name]) => name)
    return [...new Set([...calls, ...queries])].map((what) => `${what} for each row: ${text}`)
  })
  return [...own, ...(node.Plans ?? []).flatMap(callsPerRow)]
}

/** What tells the planner how many rows a set lets through stands behind a test that is true (decision 0049). */
function withoutGuess(text: string): string {
  const nothing = String.raw`\(CASE WHEN \((\S+) IS NULL\) THEN \1 ELSE NULL::[^()]+?(?:\(\d+\))? END IS NULL\)`
  const first = new RegExp(String.raw`\(\(${nothing} AND ${nothing.replaceAll('\\1', '\\2')}\) OR `).exec(text)
  if (first === null) return text
  const end = closing(text, first.index)
  return withoutGuess(`${text.slice(0, first.index)}guess${text.slice(end + 1)}`)
}

/** Where the bracket closes that opens there. */
function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0) return at
  }
  return text.length
}

function walks(node: PlanNode): readonly string[] {
  const table = node['Relation Name']
  const loops = node['Actual Loops'] ?? 1
  const found = (node['Actual Rows'] ?? 0) * loops
  const thrown = (node['Rows Removed by Filter'] ?? 0) * loops
  const isWalk = table !== undefined && node['Node Type'] !== 'Bitmap Heap Scan' && thrown + found >= large
  const own = isWalk && thrown / (thrown + found) > wasted
  return [
    ...(own
      ? [`${node['Node Type']} of ${table} reads ${thrown + found} rows and keeps ${found}: ${node.Filter ?? ''}`]
      : []),
    ...(node.Plans ?? []).flatMap(walks),
  ]
}
