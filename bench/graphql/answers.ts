import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Contestant } from './contest.ts'
import { bodiesOf, type Shape, type ShapeName, type Subjects, shapes, unique } from './shapes.ts'

/** Asks everybody everything once: the answers must be the same, and none may be empty. */
export async function assertSameAnswers(
  contestants: readonly Contestant[],
  subjects: Subjects,
  token: string,
): Promise<void> {
  for (const name of Object.keys(shapes) as ShapeName[]) {
    const { isChange = false }: Shape = shapes[name]
    const answers: unknown[] = []
    for (const { url, dialect } of contestants) {
      const [first, second = first] = bodiesOf(name, dialect, subjects)
      for (const body of isChange ? [first!] : [first!, second!])
        answers.push(await ask(url, body, { token, isChange }))
    }
    const each = isChange ? 1 : 2
    for (const [at, answer] of answers.entries()) {
      const { name: who } = contestants[Math.floor(at / each)]!
      if (isDeepStrictEqual(answer, answers[at % each])) continue
      throw new Error(
        `${who} answers "${name}" with ${JSON.stringify(answer)}, not ${JSON.stringify(answers[at % each])}`,
      )
    }
  }
}

async function ask(
  url: string,
  body: string,
  { token, isChange }: { readonly token: string; readonly isChange: boolean },
): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: body.replace(unique, randomBytes(8).toString('hex')),
  })
  const text = await response.text()
  const { data, errors } = JSON.parse(text) as { readonly data?: Data; readonly errors?: unknown }
  if (errors !== undefined || data == null || !/[0-9a-f]{8}-|totalCount/.test(text)) throw new Error(`${body}: ${text}`)
  // A new row has an id and a number of its own.
  const row = isChange ? data.createOrder?.order : undefined
  return row === undefined ? data : { ...row, id: typeof row.id, number: typeof row.number }
}

interface Data {
  readonly createOrder?: { readonly order: Readonly<Record<string, unknown>> }
}
