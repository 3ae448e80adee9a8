import { anything, defineRoles, policy } from 'rowhouse/policies'
import { HookedLine, PlainLine } from '../schema/line.entity.ts'

export const roles = defineRoles({ clerk: 'Writes lines.' })

export const PlainLinePolicy = policy(PlainLine, { 'clerks write lines': { allow: 'clerk', to: anything } })
export const HookedLinePolicy = policy(HookedLine, { 'clerks write lines': { allow: 'clerk', to: anything } })
