import { light } from './colors.ts'
import { dotString, htmlText } from './dot-text.ts'
import { font, points } from './fonts.ts'
import { shortText } from './plain-text.ts'
import type { DiagramState, DiagramTransition, StateDiagram } from './state-diagram.ts'

/** A lifecycle in the language of Graphviz: who may do what under the name of each transition, in brackets what must hold. */
export function stateDot({ entity, initial, states, transitions }: StateDiagram): string {
  const nodes = new Map(states.map(({ value }, at) => [value, `s${at}`]))
  return [
    `digraph ${dotString(entity)} {`,
    `  graph [rankdir=LR, ranksep=0.6, nodesep=0.5, pad=0.3, bgcolor="${light('page')}"]`,
    `  node [shape=box, style="rounded,filled", color="${light('line')}", fillcolor="${light('own')}", fontcolor="${light('ink')}", margin="0.22,0.1", height=0.4, ${font(12)}]`,
    `  edge [color="${light('line')}", arrowsize=0.8, ${font(10)}]`,
    `  begin [shape=circle, style=filled, width=0.16, height=0.16, fixedsize=true, label="", color="${light('begin')}", fillcolor="${light('begin')}"]`,
    ...states.map((state) => `  ${nodes.get(state.value)} [${box(state)}]`),
    `  begin -> ${nodes.get(initial) ?? 'begin'}`,
    ...transitions.map((each) => `  ${nodes.get(each.from)} -> ${nodes.get(each.to)} [label=<${label(each)}>]`),
    '}',
    '',
  ].join('\n')
}

function box({ label, isFinal }: DiagramState): string {
  const end = isFinal ? `, peripheries=2, fillcolor="${light('end')}"` : ''
  return `label=<${htmlText(shortText(label, 40))}>${end}`
}

function label({ name, guard, who }: DiagramTransition): string {
  const lines = [
    cell('ink', 11, name, 40),
    ...(guard === null ? [] : [cell('link', 10, `[${shortText(guard, 48)}]`, 50)]),
    cell('muted', 10, who.length === 0 ? 'nobody' : who.join(', '), 48),
  ]
  return `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">${lines.join('')}</TABLE>`
}

function cell(color: 'ink' | 'muted' | 'link', size: number, words: string, most: number): string {
  return `<TR><TD ALIGN="LEFT"><FONT COLOR="${light(color)}" POINT-SIZE="${points(size)}">${htmlText(shortText(words, most))}</FONT></TD></TR>`
}
