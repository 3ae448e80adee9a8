import type { EntityName } from '#schema'

/** Rows of which the server shall say whether the caller may do a verb on them. */
export interface Question {
  readonly verb: string
  readonly entity: EntityName
  /** Keys of rows. */
  readonly ids: readonly string[]
  /** Names of fields of the API: one single rule must cover them all. */
  readonly fields?: readonly string[]
}

/** Sends an operation to the API, with whatever says who asks, and gives back the parsed body. Nothing of it is kept. */
export type SendGraphql = (operation: {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}) => Promise<{ readonly data?: unknown; readonly errors?: readonly { readonly message: string }[] | undefined }>

/** What one request may ask at most. */
const mostQuestions = 20
const mostRows = 1000

const query = 'query Can($questions: [CanQuestion!]!) { can(questions: $questions) { allowed } }'

/**
 * Asks the server: for each question a list that says of each of its ids, in order, whether the caller may. What is asked in one tick goes
 * in one request, or in as few as there must be; the same row is asked for once.
 */
export async function ask(send: SendGraphql, questions: readonly Question[]): Promise<readonly (readonly boolean[])[]> {
  const batch = batchOf(send)
  const asked = questions.map((question) => batch.add(question))
  const answers = await batch.answers
  return asked.map(({ key, ids }) => {
    const allowed = answers.get(key)
    return ids.map((id) => allowed?.has(id) === true)
  })
}

/** One verb on rows of one entity. */
interface Group {
  readonly question: Omit<Question, 'ids'>
  readonly ids: Set<string>
}

/** What is asked in one tick. */
interface Batch {
  add(question: Question): { readonly key: string; readonly ids: readonly string[] }
  /** By group the ids that are allowed. */
  readonly answers: Promise<ReadonlyMap<string, ReadonlySet<string>>>
}

const open = new WeakMap<SendGraphql, Batch>()

function batchOf(send: SendGraphql): Batch {
  const found = open.get(send)
  if (found !== undefined) return found
  const groups = new Map<string, Group>()
  const made: Batch = {
    add({ verb, entity, ids, fields }) {
      const sorted = fields === undefined ? undefined : [...new Set(fields)].sort()
      const key = JSON.stringify([verb, entity, sorted])
      const question = { verb, entity, ...(sorted === undefined ? {} : { fields: sorted }) }
      const group = groups.get(key) ?? { question, ids: new Set<string>() }
      groups.set(key, group)
      for (const id of ids) group.ids.add(id)
      return { key, ids: [...ids] }
    },
    answers: Promise.resolve().then(() => {
      open.delete(send)
      return answersOf(send, groups)
    }),
  }
  open.set(send, made)
  return made
}

/** A part of a group that goes along in one request. */
interface Part extends Question {
  readonly key: string
}

async function answersOf(
  send: SendGraphql,
  groups: ReadonlyMap<string, Group>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const answers = new Map([...groups.keys()].map((key) => [key, new Set<string>()]))
  await Promise.all(
    requestsOf(groups).map(async (parts) => {
      const questions = parts.map(({ key: _, ...question }) => question)
      const { data, errors } = await send({ query, variables: { questions } })
      const told = (data as { readonly can?: readonly { readonly allowed: readonly boolean[] }[] | null } | null)?.can
      if (told === undefined || told === null) throw new Error(errors?.[0]?.message ?? 'The server did not answer.')
      for (const [at, { key, ids }] of parts.entries())
        for (const [place, id] of ids.entries()) if (told[at]?.allowed[place] === true) answers.get(key)?.add(id)
    }),
  )
  return answers
}

function requestsOf(groups: ReadonlyMap<string, Group>): readonly (readonly Part[])[] {
  const requests: Part[][] = []
  let room = 0
  for (const [key, { question, ids }] of groups) {
    const left = [...ids]
    while (left.length > 0) {
      const last = requests.at(-1)
      if (last === undefined || room === 0 || last.length === mostQuestions) {
        requests.push([])
        room = mostRows
        continue
      }
      const taken = left.splice(0, room)
      room -= taken.length
      last.push({ ...question, key, ids: taken })
    }
  }
  return requests
}
