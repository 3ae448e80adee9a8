import { join } from 'node:path'
import { expect, test } from 'vitest'
import { policyWords } from '../../../cli/policy/words.ts'
import { root } from '../support/run-rowhouse.ts'

test.each([
  [[], { folder: '.', names: [] }],
  [['Order'], { folder: '.', names: ['Order'] }],
  [['Order', 'examples/invoicing'], { folder: 'examples/invoicing', names: ['Order'] }],
  [['examples/invoicing', 'Order', 'Invoice'], { folder: 'examples/invoicing', names: ['Order', 'Invoice'] }],
  [['..'], { folder: '..', names: [] }],
  // None is there: the command tells it.
  [['./nowhere', 'Order'], { folder: './nowhere', names: ['Order'] }],
  [[join(root, 'examples/invoicing')], { folder: join(root, 'examples/invoicing'), names: [] }],
  [['Order:o1', '.'], { folder: '.', names: ['Order:o1'] }],
])('%j', (words, told) => expect(policyWords(words)).toEqual(told))

test('two folders are one too many', () => {
  expect(() => policyWords(['a/b', 'Order', 'c/d'])).toThrow(expect.objectContaining({ code: 'APP_FOLDER_MISSING' }))
})
