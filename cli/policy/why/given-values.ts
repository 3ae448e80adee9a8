import { OperatorError } from '#base'
import type { Request, RowValue } from '#policies'
import { columnFields, type Entity, type FieldType, type Model, toOnesOf } from '#schema'
import { unknownName } from '../../inspect/inspection.ts'

type Values = Readonly<Record<string, RowValue>>

/**
 * What `--set name=value` gives a row.
 *
 * @throws OperatorError INSPECT_NAME_UNKNOWN, POLICY_UNASKABLE for what has no `=`
 */
export function givenFields(words: readonly string[], entity: Entity): Values {
  const types = new Map<string, FieldType>([
    ...columnFields(entity).map(({ name, type }) => [name, type] as const),
    ...toOnesOf(entity).map(({ name }) => [name, { kind: 'uuid' }] as const),
  ])
  return readPairs(words, types, { option: '--set', what: `field of "${entity.name}"` })
}

/** What `--claim name=value` says of the caller. @throws OperatorError INSPECT_NAME_UNKNOWN */
export function givenClaims(words: readonly string[], model: Model): Values {
  const claims = (model.actor?.values ?? []).flatMap((value) =>
    value.kind === 'claim' ? [[value.name, value.type] as const] : [],
  )
  return readPairs(words, new Map(claims), { option: '--claim', what: 'claim' })
}

/** What `--request name=value` says of the request. @throws OperatorError INSPECT_NAME_UNKNOWN */
export function givenRequest(words: readonly string[]): Request {
  const text = { kind: 'text', format: 'string', min: null, max: null, matches: null, ignoreCase: false } as const
  const types = new Map<string, FieldType>([
    ['mfa', { kind: 'boolean' }],
    ['ip', text],
    ['signedInFor', { kind: 'float', min: null, max: null }],
  ])
  return readPairs(words, types, { option: '--request', what: 'fact of a request' }) as Request
}

function readPairs(
  words: readonly string[],
  types: ReadonlyMap<string, FieldType>,
  { option, what }: { readonly option: string; readonly what: string },
): Values {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, text] = /^([^=]+)=(.*)$/s.exec(word) ?? []
      if (name === undefined || text === undefined) throw unread(`${option} ${word}`, `Write ${option} name=value.`)
      const type = types.get(name)
      if (type === undefined) throw unknownName(name, [...types.keys()], what)
      return [name, readValue(text, type, `${option} ${word}`)]
    }),
  )
}

function readValue(text: string, type: FieldType, word: string): RowValue {
  if (text === 'null') return null
  switch (type.kind) {
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw unread(word, 'Write true or false.')
      return text === 'true'
    case 'int':
    case 'float':
    case 'duration': {
      const number = text.trim() === '' ? Number.NaN : Number(text)
      if (Number.isNaN(number)) throw unread(word, 'Write a number.')
      return number
    }
    case 'list':
    case 'shape':
    case 'dict':
    case 'period':
      try {
        return JSON.parse(text) as RowValue
      } catch {
        throw unread(word, `Write it as JSON, such as ${type.kind === 'list' ? '["a"]' : '{"from":"2026-01-01"}'}.`)
      }
    default:
      return text
  }
}

function unread(word: string, hint: string): OperatorError {
  return new OperatorError('POLICY_UNASKABLE', `"${word}" cannot be read.`, hint)
}
