import type { Entity, FieldType, Index } from '../model/model.ts'
import { toOnesOf } from '../model/to-ones.ts'
import type { Verification } from './context.ts'
import { writtenOffset } from './written-list.ts'

/** The method of an index fits what it is over. */
export function verifyIndexUsing(check: Verification): void {
  for (const entity of check.model.entities) {
    const offset = writtenOffset(check, entity, 'indexes')
    entity.indexes.forEach((index, position) => {
      const fault = faultOf(entity, index)
      if (fault === null) return
      const path = [entity.name, 'indexes', position - offset, 'using']
      check.problems.report('INDEX_USING_INVALID', { path }, fault.message, { hint: fault.hint })
    })
  }
}

interface Fault {
  readonly message: string
  readonly hint: string
}

const plain = 'Leave "using" out: the usual index serves equality, ranges and order.'

function faultOf(entity: Entity, { on, using }: Index): Fault | null {
  if (using === 'btree') return null
  if (on.some(({ descending }) => descending))
    return { message: `An index by ${using} has no order.`, hint: 'Take the "-" away.' }
  if (using === 'hash' && on.length > 1) return { message: 'An index by hash has one column.', hint: plain }
  for (const { name } of on) {
    const type = typeOf(entity, name)
    // Names that are not there are reported by their own check.
    if (type === null || kindsOf[using](type)) continue
    return { message: `"${name}" cannot be indexed by ${using}: it needs ${wantedBy[using]}.`, hint: plain }
  }
  return null
}

type Method = Exclude<Index['using'], 'btree'>

const ordered: ReadonlySet<string> = new Set([
  ...['int', 'int64', 'float', 'decimal', 'money', 'duration', 'date', 'datetime', 'time'],
])
const composite: ReadonlySet<string> = new Set(['list', 'shape', 'dict'])

const kindsOf: Readonly<Record<Method, (type: FieldType) => boolean>> = {
  hash: ({ kind }) => !composite.has(kind),
  brin: ({ kind }) => ordered.has(kind),
  gin: ({ kind }) => composite.has(kind),
  gist: ({ kind }) => (kind as string) === 'period',
  trigram: ({ kind }) => kind === 'text',
}

const wantedBy: Readonly<Record<Method, string>> = {
  hash: 'a single value',
  brin: 'numbers, days or instants that grow with the table',
  gin: 'a list or a shape',
  gist: 'a period',
  trigram: 'a text',
}

function typeOf(entity: Entity, name: string): FieldType | null {
  const field = entity.fields.find((each) => each.name === name)
  if (field !== undefined) return field.type
  return toOnesOf(entity).some((each) => each.name === name) ? { kind: 'uuid' } : null
}
