import { describe, expect, test } from 'vitest'
import type { Audience } from '#schema'
import { heldByMarker } from '../../../policies/to-sql/role-placeholder.ts'
import { holdersOfAll, includedRoles } from '../../../policies/to-sql/who-holds.ts'
import * as m from '../../support/model.ts'

const { roles } = m.makeModel({
  entities: { Note: {} },
  roles: { agent: [], viewer: [], boss: ['agent'], chief: ['boss', 'viewer'], guestList: [] },
})
const included = includedRoles(roles)
const of = (...names: string[]): Audience => ({ kind: 'roles', roles: names })
const but = (...names: string[]): Audience => ({ kind: 'except', roles: names })
const signedIn: Audience = { kind: 'signedIn' }
const everyone: Audience = { kind: 'everyone' }

const both = (...audiences: Audience[]) =>
  holdersOfAll(audiences, included)
    .map(({ role }) => role)
    .sort()

describe('who is in all of some audiences', () => {
  test.each<[string, Audience[], string[]]>([
    ['two roles', [of('viewer'), of('agent')], [':BOTH_AGENT__VIEWER']],
    ['three roles', [of('viewer'), of('agent'), of('guestList')], [':BOTH_AGENT__GUEST_LIST__VIEWER']],
    ['a role that includes the other', [of('agent'), of('chief')], [':ROLE_CHIEF']],
    ['a role and everyone signed in', [signedIn, of('agent')], [':ROLE_AGENT']],
    ['a role and everyone', [of('agent'), everyone], [':ROLE_AGENT']],
    ['everyone and everyone signed in', [everyone, signedIn], [':MEMBER']],
    ['everyone twice', [everyone, everyone], [':ANONYMOUS', ':MEMBER']],
    ['either of two, and one of them', [of('agent', 'viewer'), of('viewer')], [':ROLE_VIEWER']],
    ['either of two, twice', [of('agent', 'viewer'), of('viewer', 'boss')], [':ROLE_BOSS', ':ROLE_VIEWER']],
    ['a role and everyone but another', [of('viewer'), but('agent')], [':BOTH_VIEWER__NOT_AGENT']],
    [
      'a role and everyone but two',
      [of('viewer'), but('agent', 'guestList')],
      [':BOTH_VIEWER__NOT_AGENT__NOT_GUEST_LIST'],
    ],
    ['a role and everyone but itself', [of('viewer'), but('viewer')], []],
    ['a role and everyone but one that it includes', [of('chief'), but('agent')], []],
    ['a role and everyone but one that includes it', [of('agent'), but('boss')], [':BOTH_AGENT__NOT_BOSS']],
    ['everyone signed in but one', [signedIn, but('agent')], [':BOTH_MEMBER__NOT_AGENT']],
    ['everyone but one', [everyone, but('agent')], [':NOT_AGENT']],
    ['everyone but one and but another', [but('viewer'), but('agent')], [':NOT_AGENT__VIEWER']],
    ['everyone but one and but what includes it', [but('agent'), but('boss')], [':NOT_AGENT']],
  ])('%s', (_, audiences, expected) => {
    expect(both(...audiences)).toEqual(expected)
    expect(both(...audiences.toReversed())).toEqual(expected)
  })
})

test('a marker says by its name for whom it holds', () => {
  expect(heldByMarker(':BOTH_AGENT__GUEST_LIST__NOT_BOSS__NOT_CHIEF')).toEqual({
    all: ['agent', 'guest_list'],
    except: ['boss', 'chief'],
  })
  expect(heldByMarker(':NOT_AGENT__GUEST_LIST')).toEqual({ all: [], except: ['agent', 'guest_list'] })
})
