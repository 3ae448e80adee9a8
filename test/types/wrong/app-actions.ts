import { appAction } from 'rowhouse/actions'
import { defineActions, everyoneExcept } from 'rowhouse/policies'
import { int } from 'rowhouse/schema'
import { actions } from '../policies/right-actions.ts'

// @ts-expect-error nobody may do it
export const a = defineActions({ go: { runs: 'scripts/go' } })
// @ts-expect-error unknown role
export const b = defineActions({ go: { allow: 'admn', runs: 'scripts/go' } })
// @ts-expect-error who may do it is named
export const c = defineActions({ go: { allow: everyoneExcept('admin'), runs: 'scripts/go' } })
// @ts-expect-error nothing to run
export const d = defineActions({ go: { allow: 'admin' } })
// @ts-expect-error no such folder
export const e = defineActions({ go: { allow: 'admin', runs: 'jobs/go' } })
// @ts-expect-error there is no row to look at
export const f = defineActions({ go: { allow: 'admin', runs: 'scripts/go', when: { number: '1' } } })
// @ts-expect-error an input is a field
export const g = defineActions({ go: { allow: 'admin', runs: 'scripts/go', input: { n: 'int' } } })
// @ts-expect-error no such action
export const h = appAction(actions, 'closeMonht', () => null)
// @ts-expect-error no such input
export const i = appAction(actions, 'closeMonth', ({ input }) => input.mnth)
// @ts-expect-error it may be left out
export const j = appAction(actions, 'closeMonth', ({ input }) => input.how.length)
// @ts-expect-error it has no row
export const k = appAction(actions, 'closeMonth', ({ row }) => row)
export const l = defineActions({
  go: {
    allow: 'admin',
    runs: 'scripts/go',
    // @ts-expect-error misspelt option
    input: { n: int({ maximum: 3 }) },
  },
})
