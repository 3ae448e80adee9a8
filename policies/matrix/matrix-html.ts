import { spaced } from '../explain/names.ts'
import { verbWords } from '../explain/rule-lines.ts'
import type { Matrix, MatrixCell, MatrixEntity, MatrixRule } from './matrix.ts'
import { matrixStyle } from './matrix-style.ts'

/** A matrix as one file for a browser: without scripts, and without anything from elsewhere. */
export function matrixHtml(matrix: Matrix): string {
  const title = `Who may do what in ${escaped(matrix.app)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
${matrixStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Computed from the rules alone. <strong class="always">Always</strong> means every row, <strong class="when">when</strong> rows of which a rule holds (open it to read the rule), <strong class="never">never</strong> not one.</p>
<nav aria-label="Entities">${matrix.entities.map(({ entity }) => `<a href="#${escaped(entity)}">${escaped(entity)}</a>`).join(' ')}</nav>
</header>
<main>
${matrix.entities.map((entity) => sectionHtml(entity, matrix)).join('\n')}
</main>
</body>
</html>
`
}

function sectionHtml({ entity, note, verbs, words }: MatrixEntity, { callers }: Matrix): string {
  const heads = callers.map(({ name, note: about }) => {
    const more = about === null ? '' : ` title="${escaped(about)}"`
    return `<th scope="col"${more}>${escaped(name.split(' + ').map(spaced).join(' + '))}</th>`
  })
  const rows = verbs.map(
    ({ verb, cells }) => `<tr><th scope="row">${escaped(verbWords(verb))}</th>${cells.map(cellHtml).join('')}</tr>`,
  )
  const about = note === null ? '' : `\n<p>${escaped(note)}</p>`
  return `<section aria-labelledby="${escaped(entity)}">
<h2 id="${escaped(entity)}">${escaped(entity)}</h2>${about}
<div class="wide" role="region" aria-label="${escaped(entity)}" tabindex="0"><table>
<thead><tr><th scope="col">may</th>${heads.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>${wordsHtml(words)}
</section>`
}

/** What names of the caller's values in the rules mean. */
function wordsHtml(words: MatrixEntity['words']): string {
  if (words.length === 0) return ''
  const told = words.map(({ word, means }) => `<dt>${escaped(word)}</dt><dd>${escaped(means)}</dd>`)
  return `\n<dl>${told.join('')}</dl>`
}

function cellHtml(cell: MatrixCell): string {
  const { answer, allowing, denying, fields } = cell
  if (allowing.length === 0 && denying.length === 0) return '<td class="never">never</td>'
  const some = fields === null ? '' : ', some fields'
  const hint = [...allowing, ...denying].map(({ title }) => title).join('\n')
  const parts = [
    ...allowing.map(ruleHtml),
    ...denying.map(ruleHtml),
    ...(fields === null
      ? []
      : [`<p>Fields, by these rules together: ${escaped(fields.join(', ') || 'no field')}.</p>`]),
  ]
  return `<td class="${answer}"><details><summary title="${escaped(hint)}">${answer}${some}</summary>${parts.join('')}</details></td>`
}

function ruleHtml({ title, says }: MatrixRule): string {
  return `<p class="rule">${escaped(says)}<br><cite>${escaped(title)}</cite></p>`
}

/** People's words are text in a page, and nothing else. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
