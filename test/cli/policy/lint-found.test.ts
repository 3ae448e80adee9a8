import { expect, test } from 'vitest'
import { withOrderRules } from '../../policies/verify/small-app.ts'
import { withApp } from '../../schema/written-app.ts'
import { runRowhouse } from '../support/run-rowhouse.ts'

const rules = `'all': { allow: 'admin', to: anything },
  'never': { allow: signedIn, to: 'place', where: { status: 'placed' } },`

const files = {
  ...withOrderRules(rules),
  'workers/remind.ts': `import { text } from 'rowhouse/schema'
import { worker } from 'rowhouse/workers'
export default worker({ input: { id: text() } }, () => {})`,
}

test('what is odd is told with place, hint and page, and fails where that was asked for', () =>
  withApp(files, async (folder) => {
    const ended = await runRowhouse(['policy', 'lint', folder])
    expect(ended).toMatchObject({ code: 0, stdout: '1 warning.\n' })
    expect(ended.stderr).toMatch(
      /^warning RULE_NEVER_HOLDS {2}policies\/order\.policy\.ts:\d+:\d+\n[\s\S]*\^+ Nothing can place[\s\S]*hint {2}Mend[\s\S]*more {2}.*docs\/errors\/RULE_NEVER_HOLDS\.md/,
    )
    const strict = await runRowhouse(['policy', 'lint', folder, '--strict'])
    expect(strict).toMatchObject({ code: 1, stdout: '' })
    expect(strict.stderr).toContain('1 warning, and --strict allows none.')
    // The same as check tells.
    const check = await runRowhouse(['check', folder, '--strict'])
    expect(check.code).toBe(1)
    expect(check.stderr).toContain('RULE_NEVER_HOLDS')
    expect(check.stderr).toContain('1 warning, and --strict allows none.')
  }))

test('and beside code that is missing', () =>
  withApp(withOrderRules(rules), async (folder) => {
    const check = await runRowhouse(['check', folder])
    expect(check.code).toBe(1)
    expect(check.stderr).toContain('RULE_NEVER_HOLDS')
    expect(check.stderr).toContain('RUNS_FILE_MISSING')
  }))
