/** An answer that is longer than a script may be sent. */
export class AnswerTooLong extends Error {}

/**
 * JSON of what the host answers. Lists are written row by row, so that one that is too long is noticed before all of it is written.
 *
 * @throws AnswerTooLong
 */
export function answerText(answer: unknown, maxBytes: number): string {
  if (!Array.isArray(answer)) return within(textOf(answer), maxBytes)
  const parts: string[] = []
  let length = 0
  for (const each of answer) {
    const part = textOf(each)
    length += part.length + 1
    if (length > maxBytes) throw tooLong(maxBytes)
    parts.push(part)
  }
  return within(`[${parts.join(',')}]`, maxBytes)
}

function textOf(value: unknown): string {
  return JSON.stringify(value, exact) ?? 'null'
}

/** Numbers that JSON cannot hold exactly stay texts. */
function exact(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function within(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) > maxBytes) throw tooLong(maxBytes)
  return text
}

function tooLong(maxBytes: number): AnswerTooLong {
  return new AnswerTooLong(`The answer is longer than ${maxBytes} bytes of JSON: ask for fewer rows.`)
}
