import type { Decision } from '#policies'

/**
 * Why it is as it was decided, as the end of a sentence: `no rule allows it`, `"drafts are edited" allows it`.
 *
 * @param whose whose row it is, where it is another tenant's: `the tenant acme`
 */
export function reasonWords({ reason, rule, because, fields, verb }: Decision, whose: string | null = null): string {
  switch (reason) {
    case 'allowed':
      return rule === null ? 'its row may be read' : `"${rule}" allows it`
    case 'impossible':
      return `nobody ever may ${verb} such a row`
    case 'gone':
      if (whose !== null) return `it is a row of ${whose}, and so is not there`
      return verb === 'restore' ? 'it was not removed, or has expired' : 'it was removed or has expired'
    case 'hidden':
      return 'it may not be read'
    case 'unreachable':
      return `${fields.join(', ')} would lead to a row that is not there for the caller`
    case 'denied':
      return `"${rule}" denies it${because === null ? '' : ` (${because.replace(/\.$/, '')})`}`
    case 'reserved':
      return `${fields.join(', ')} may be written by others alone`
    case 'unallowed':
      return verb === 'update' || verb === 'create' ? 'no single rule allows all of it' : 'no rule allows it'
  }
}
