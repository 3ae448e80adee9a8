/**
 * Joins the pieces of a template. Between definitions clients insert fragments, which are found by their names; anything else that is inserted changes what the
 * document asks only when it runs, so that nobody can look at it before.
 */
export function joinTemplate(pieces: readonly string[]): { readonly text: string; readonly fault: string | null } {
  let isBetween = true
  let text = ''
  for (const [index, piece] of pieces.entries()) {
    text += piece
    if (index < pieces.length - 1) isBetween &&= endsDefinition(text)
  }
  const fault = 'It is put together while it runs: use variables and fragments instead of what is inserted.'
  return { text, fault: isBetween ? null : fault }
}

/** Whether a next definition could begin here. */
function endsDefinition(text: string): boolean {
  const bare = text.replace(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g, '')
  const depth = count(bare, '{') - count(bare, '}')
  return depth === 0 && /(?:^|\})[\s,]*$/.test(bare)
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1
}
