import type { Model } from '#schema'
import { type Explanation, entityHeading, type Section, sectionHeading } from './explain-entity.ts'
import { type Line, line, linesText } from './line.ts'
import { listed } from './names.ts'
import { verbWords } from './rule-lines.ts'

/** An explanation as a page of text. */
export function explanationText(explanation: Explanation, model: Model): string {
  const { note, follows, sections } = explanation
  const parts: readonly (readonly Line[])[] = [
    ...(note === null ? [] : [[line(note)]]),
    ...(follows === null ? [] : [[line(follows)]]),
    ...sections.map(sectionLines),
    nobodyLines(explanation),
    wordLines(explanation),
  ]
  const texts = parts.filter((lines) => lines.length > 0).map((lines) => linesText(lines, '  '))
  return [`${entityHeading(explanation, model)}\n`, ...texts].join('\n')
}

function sectionLines(section: Section): readonly Line[] {
  const rules = section.rules.flatMap(({ title, lines }) => [...lines, line(`  rule "${title}"`)])
  return [line(sectionHeading(section), rules)]
}

function nobodyLines({ nobody, as, sections, follows }: Explanation): readonly Line[] {
  if (follows !== null) return []
  if (sections.length === 0) return [line('Nothing is allowed.')]
  // Where a denial closes a verb, its part says so.
  const left = nobody.filter((verb) => !sections.some(({ verbs }) => verbs.includes(verb)))
  if (left.length === 0) return []
  const verbs = listed(left.map(verbWords), 'or')
  return [line(as === null ? `Nobody may ${verbs}.` : `Never: ${verbs}.`)]
}

function wordLines({ words }: Explanation): readonly Line[] {
  const meanings = words.map(({ word, means }) => line(`${word}: ${means}.`))
  return meanings.length === 0 ? [] : [line('Words', meanings)]
}
