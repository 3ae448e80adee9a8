import { mermaidString, mermaidText } from './mermaid-text.ts'
import { shortText } from './plain-text.ts'
import type { StateDiagram } from './state-diagram.ts'

/** A lifecycle as Mermaid's `stateDiagram-v2`, which GitHub draws. States go by numbers: any word may be one, also `end`. */
export function stateMermaid({ initial, states, transitions }: StateDiagram): string {
  const nodes = new Map(states.map(({ value }, at) => [value, `s${at}`]))
  return [
    'stateDiagram-v2',
    '  direction LR',
    ...states.map(({ value, label }) => `  state ${mermaidString(shortText(label, 40))} as ${nodes.get(value)}`),
    `  [*] --> ${nodes.get(initial)}`,
    ...transitions.map(({ name, from, to, guard, who }) => {
      const rest = guard === null ? '' : ` [${shortText(guard, 48)}]`
      const by = who.length === 0 ? 'nobody' : who.join(', ')
      return `  ${nodes.get(from)} --> ${nodes.get(to)} : ${mermaidText(`${name}${rest} (${by})`)}`
    }),
    ...states.filter(({ isFinal }) => isFinal).map(({ value }) => `  ${nodes.get(value)} --> [*]`),
    '',
  ].join('\n')
}
