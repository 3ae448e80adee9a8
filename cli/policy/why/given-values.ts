import { didYouMean, OperatorError } from '#base'
import type { Request, RowValue } from '#policies'
import { columnBehind, columnFields, type Entity, type FieldType, type Model, toOnesOf } from '#schema'
import { unknownName } from '../../inspect/inspection.ts'
import { settableNames, whyNotSettable } from '../ask/settable.ts'

type Values = Readonly<Record<string, RowValue>>

/** What a row is given. */
export interface GivenTo {
  readonly entity: Entity
  readonly verb: string
  readonly model: Model
}

/**
 * What `--set name=value` gives a row.
 *
 * @throws OperatorError INSPECT_NAME_UNKNOWN, POLICY_UNASKABLE for what nobody gives a row, has no `=` or is no value of the field
 */
export function givenFields(words: readonly string[], { entity, verb, model }: GivenTo): Values {
  if (words.length > 0 && verb !== 'create' && verb !== 'update')
    throw unaskable(`--set says what a new row or an update is given, and ${verb} takes nothing.`, 'Leave it out.')
  for (const word of words) {
    const name = word.split('=')[0]!
    const why = whyNotSettable(name, entity, verb)
    if (why === null) continue
    const known = settableNames(entity, verb).join(', ')
    throw unaskable(`Nobody sets "${name}" of ${anEntity(entity)}: ${why}.`, `Given can be ${known}.`)
  }
  const entities = new Map(model.entities.map((each) => [each.name, each]))
  const typeOf = (to: string): FieldType => {
    const target = entities.get(to)
    return (target && columnBehind(target, target.key[0] ?? 'id', entities)?.type) ?? { kind: 'uuid' }
  }
  const names = settableNames(entity, verb)
  const types = new Map<string, FieldType>(
    [
      ...columnFields(entity).map(({ name, type }) => [name, type] as const),
      ...toOnesOf(entity).map(({ name, to }) => [name, typeOf(to)] as const),
    ].filter(([name]) => names.includes(name)),
  )
  return readPairs(words, types, { option: '--set', what: `field of "${entity.name}" called` })
}

function anEntity({ name }: Entity): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`
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
    case 'choice': {
      const known = type.values.map(({ value }) => value)
      if (known.includes(text)) return text
      const near = didYouMean(text, known)
      throw unread(word, `${near === null ? '' : `Did you mean "${near}"? `}It is one of ${known.join(', ')}.`)
    }
    case 'uuid':
      if (!uuid.test(text)) throw unread(word, 'Write an id, such as 01890a5d-ac96-774b-bcce-b302099a8057.')
      return text.toLowerCase()
    default:
      return text
  }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function unread(word: string, hint: string): OperatorError {
  return unaskable(`"${word}" cannot be read.`, hint)
}

function unaskable(message: string, hint: string): OperatorError {
  return new OperatorError('POLICY_UNASKABLE', message, hint)
}
