import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runHere } from '../support/run-here.ts'
import { root, runRowhouse } from '../support/run-rowhouse.ts'

const explain = (...words: readonly string[]) => runHere(['policy', 'explain', ...words])
const golden = (name: string) => readFileSync(join(root, 'test/golden/policy', name), 'utf8')

describe('rowhouse policy explain', () => {
  test('says the rules of all entities', async () => {
    expect(await explain('examples/invoicing')).toMatchObject({ code: 0, stderr: '', stdout: golden('explain.txt') })
  })

  test('says what concerns a role, wherever the folder stands', async () => {
    const ended = await explain('examples/invoicing', '--as', 'sales')
    expect(ended).toMatchObject({ code: 0, stderr: '', stdout: golden('explain-sales.txt') })
    const [one] = golden('explain-sales.txt').split('\n\nCustomer')
    expect((await explain('Contact', 'examples/invoicing', '--as=sales')).stdout.trimEnd()).toBe(one)
  })

  test('in the folder of the app none is named', async () => {
    const ended = await runRowhouse(['policy', 'explain', 'Product'], { cwd: join(root, 'examples/invoicing') })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^Product\n/)
  })

  test('gives programs a document', async () => {
    const ended = await explain('User', 'examples/invoicing', '--json')
    expect(JSON.parse(ended.stdout)).toEqual([
      {
        entity: 'User',
        as: null,
        note: expect.any(String),
        follows: null,
        nobody: ['create', 'remove', 'restore', 'delete'],
        words: [],
        sections: [
          {
            verbs: ['read'],
            rules: [
              {
                title: 'people see themselves',
                effect: 'allow',
                because: null,
                lines: [{ text: 'Everyone signed in may read a user if it is the caller.', under: [] }],
              },
            ],
          },
          { verbs: ['update'], rules: [expect.objectContaining({ title: 'people keep their own profile' })] },
        ],
      },
    ])
  })

  test('visitors and people without a role are somebody too', async () => {
    expect((await explain('Product', 'examples/invoicing', '--as', 'visitor')).stdout).toBe(
      'Product, for visitor\n\n  Something we sell.\n\n  Nothing is allowed.\n',
    )
    const signedIn = await explain('Product', 'examples/invoicing', '--as', 'signedIn')
    expect(signedIn.stdout).toContain('Everyone signed in may read any product.')
    expect(signedIn.stdout).toContain('Never: create, update, remove, restore or delete for good.')
    expect(signedIn.stdout).not.toContain('Admin')
  })

  test('several roles at once', async () => {
    const { stdout } = await explain('Order', 'examples/invoicing', '--as', 'sales, accountant')
    expect(stdout).toContain('Order, for sales + accountant')
    expect(stdout).toContain('Accountant may read')
    expect(stdout).toContain('Sales (and lead, which includes sales) may read')
  })

  test.each([
    [['Ordr', 'examples/invoicing'], 'There is no entity "Ordr". Did you mean "Order"?'],
    [['Order', 'examples/invoicing', '--as', 'slaes'], 'There is no role "slaes". Did you mean "sales"?'],
    [['Order', 'examples/invoicing', '--as', ''], 'There is no role "".'],
    [['Order', './nowhere'], '"./nowhere" is no folder'],
  ])('%j', async (words, said) => {
    const ended = await explain(...words)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(said)
  })

  test('says what the rights of changes follow from', async () => {
    const ended = await explain('CompanyHistory', 'test/fixtures/apps/archive')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain('A change is seen by whoever may read the row that was changed: a Company.')
    expect(ended.stdout).not.toContain('Nobody may')
  })
})
