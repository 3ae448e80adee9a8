import { expect, test } from 'vitest'
import { statementStarts } from '../../../migrations/run/statement-starts.ts'

const first = (text: string) => statementStarts(text).map((at) => text.slice(at).split(/\s/, 1)[0])

test('finds where statements begin', () => {
  expect(first('select 1; update t set a = 2;\n\n-- delete;\ninsert into t default values')).toEqual([
    'select',
    'update',
    'insert',
  ])
})

test.each([
  ["select 'a;b', E'c\\';d', \"e;f\"; drop table t"],
  ['select $$a;b$$, $x$ $$; $x$; drop table t'],
  ['select 1 /* a; b */; drop table t'],
  ['create function f() returns int begin atomic select case when true then 1 end; select 2; end; drop table t'],
  ['do $do$ begin perform 1; end $do$; drop table t'],
])('a semicolon inside is none: %s', (text) => {
  expect(first(text)).toHaveLength(2)
  expect(first(text)[1]).toBe('drop')
})

test('an empty text has none', () => {
  expect(statementStarts(' -- nothing\n;;')).toEqual([])
})
