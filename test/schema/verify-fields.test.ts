import { type Mistake, testMistakes } from './mistakes.ts'
import { entitiesOnly } from './written-app.ts'

/** An entity of these fields. */
function fields(source: string) {
  return entitiesOnly(`export const A = entity('A', { fields: {\n${source}\n} })`)
}

const choices: readonly Mistake[] = [
  ['no values', [['CHOICE_VALUES_INVALID', 'choice([])']], `a: choice([])`],
  ['a value twice', [['CHOICE_VALUES_INVALID', "'x'"]], `a: choice(['x', 'x'])`],
  ['values of one GraphQL name', [['CHOICE_VALUES_INVALID', "'a_b'"]], `a: choice(['a-b', 'a_b'])`],
  ['an empty value', [['CHOICE_VALUES_INVALID', "''"]], `a: choice(['x', ''])`],
  ['a name that GraphQL keeps', [['CHOICE_VALUES_INVALID', "'--'"]], `a: choice(['--'])`],
  ['a NUL', [['CHOICE_VALUES_INVALID', String.raw`'x\0'`]], String.raw`a: choice(['x\0'])`],
  ['a number', [['CHOICE_VALUES_INVALID', '1']], `a: choice([1])`],
  ['a label that is none', [['OPTION_INVALID', '7']], `a: choice({ x: 7 })`],
  ['an empty label', [['TEXT_INVALID', "' '"]], `a: choice({ x: ' ' })`],
  ['an option of a value', [['OPTION_UNKNOWN', 'colour']], `a: choice({ x: { label: 'X', colour: 'red' } })`],
]

const options: readonly Mistake[] = [
  ['an unknown option', [['OPTION_UNKNOWN', 'mx']], `a: string({ mx: 3 })`],
  ['an option of another type', [['OPTION_UNKNOWN', 'max']], `a: boolean({ max: 3 })`],
  ['an option that comes later', [['OPTION_UNKNOWN', 'was']], `a: string({ was: 'b' })`],
  ['a text for a flag', [['OPTION_INVALID', "'yes'"]], `a: string({ optional: 'yes' })`],
  ['half a character', [['OPTION_INVALID', '1.5']], `a: string({ max: 1.5 })`],
  ['no field at all', [['OPTION_INVALID', "'text'"]], `a: 'text'`],
  ['a decimal without digits', [['OPTION_INVALID', 'decimal({})']], `a: decimal({})`],
  ['a duration without unit', [['OPTION_INVALID', 'duration({})']], `a: duration({})`],
  ['an empty note', [['TEXT_INVALID', "''"]], `a: string({ note: '' })`],
  ['a note with NUL', [['TEXT_INVALID', String.raw`'a\0b'`]], String.raw`a: string({ note: 'a\0b' })`],
  ['a note with half a character', [['TEXT_INVALID', String.raw`'\ud800'`]], String.raw`a: string({ note: '\ud800' })`],
]

const limits: readonly Mistake[] = [
  ['min over max', [['FIELD_LIMIT_INVALID', '5']], `a: int({ min: 5, max: 3 })`],
  [
    'exact numbers crossed',
    [['FIELD_LIMIT_INVALID', "'10'"]],
    `a: decimal({ precision: 4, scale: 2, min: '10', max: '9.5' })`,
  ],
  ['a negative length', [['FIELD_LIMIT_INVALID', '-1']], `a: string({ min: -1 })`],
  ['no characters', [['FIELD_LIMIT_INVALID', '0']], `a: string({ max: 0 })`],
  ['more than 32 bits', [['FIELD_LIMIT_INVALID', '3_000_000_000']], `a: int({ max: 3_000_000_000 })`],
  [
    'more digits than there are',
    [['FIELD_LIMIT_INVALID', "'1000'"]],
    `a: decimal({ precision: 4, scale: 2, max: '1000' })`,
  ],
  ['more scale than precision', [['FIELD_LIMIT_INVALID', '3']], `a: decimal({ precision: 2, scale: 3 })`],
]

const defaults: readonly Mistake[] = [
  ['too long', [['FIELD_DEFAULT_INVALID', "'abc'"]], `a: string({ max: 2, default: 'abc' })`],
  ['too small', [['FIELD_DEFAULT_INVALID', '0']], `a: int({ min: 1, default: 0 })`],
  ['too many digits', [['FIELD_DEFAULT_INVALID', "'100'"]], `a: decimal({ precision: 3, scale: 2, default: '100' })`],
  ['too fine', [['FIELD_DEFAULT_INVALID', "'1.234'"]], `a: money({ currency: 'EUR', default: '1.234' })`],
  ['not one of the values', [['FIELD_DEFAULT_INVALID', "'z'"]], `a: choice(['x', 'y'], { default: 'z' })`],
  ['no such day', [['FIELD_DEFAULT_INVALID', "'2026-02-30'"]], `a: date({ default: '2026-02-30' })`],
  [
    'an instant without offset',
    [['FIELD_DEFAULT_INVALID', "'2026-02-03T10:00:00'"]],
    `a: datetime({ default: '2026-02-03T10:00:00' })`,
  ],
  ['no address', [['FIELD_DEFAULT_INVALID', "'javascript:alert(1)'"]], `a: url({ default: 'javascript:alert(1)' })`],
  ['no slug', [['FIELD_DEFAULT_INVALID', "'A b'"]], `a: slug({ default: 'A b' })`],
  ['against the pattern', [['FIELD_DEFAULT_INVALID', "'ab1'"]], `a: string({ matches: '[a-z]+', default: 'ab1' })`],
]

const patterns: readonly Mistake[] = [
  ['no regular expression', [['FIELD_PATTERN_INVALID', "'(a'"]], `a: string({ matches: '(a' })`],
  ['a way out of the whole', [['FIELD_PATTERN_INVALID', "'a)|(b'"]], `a: string({ matches: 'a)|(b' })`],
  ['a back-reference', [['FIELD_PATTERN_INVALID', String.raw`'(a)\\1'`]], String.raw`a: string({ matches: '(a)\\1' })`],
  ['a property', [['FIELD_PATTERN_INVALID', String.raw`'\\p{L}'`]], String.raw`a: string({ matches: '\\p{L}' })`],
  ['a code point', [['FIELD_PATTERN_INVALID', String.raw`'\\u{41}'`]], String.raw`a: string({ matches: '\\u{41}' })`],
  [
    'half a character',
    [['FIELD_PATTERN_INVALID', String.raw`'\\ud83d\\ude00'`]],
    String.raw`a: string({ matches: '\\ud83d\\ude00' })`,
  ],
  ['flags inside', [['FIELD_PATTERN_INVALID', "'(?i:a)'"]], `a: string({ matches: '(?i:a)' })`],
  ['too many repetitions', [['FIELD_PATTERN_INVALID', "'a{256}'"]], `a: string({ matches: 'a{256}' })`],
  ['what both can', [], String.raw`a: string({ matches: '(?<=x)\\bSO-[0-9]{4}(?!y)|[\\w-]+?' })`],
]

const money: readonly Mistake[] = [
  ['no currency', [['FIELD_MONEY_INVALID', "'euro'"]], `a: money({ currency: 'euro' })`],
  ['no such field', [['FIELD_MONEY_INVALID', "'curency'"]], `currency: string(), a: money({ in: 'curency' })`],
  ['a field of another kind', [['FIELD_MONEY_INVALID', "'when'"]], `when: date(), a: money({ in: 'when' })`],
]

testMistakes('choices', fields, choices)
testMistakes('options', fields, options)
testMistakes('limits', fields, limits)
testMistakes('defaults', fields, defaults)
testMistakes('patterns', fields, patterns)
testMistakes('money', fields, money)
