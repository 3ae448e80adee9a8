import { anything, defineActor, defineRoles, policy, signedIn } from 'rowhouse/policies'
import {
  Country,
  Deal,
  Firm,
  Item,
  Label,
  Note,
  Pass,
  Rate,
  RateStep,
  Site,
  SiteReport,
  Slot,
  User,
} from '../schema/worlds.entity.ts'

export const roles = defineRoles({ knower: 'Sees all.', reader: 'Sees what is open, and of it not all.' })
export const actor = defineActor(User, {})

const open = { open: true } as const
const all = { 'knowers do all': { allow: 'knower', to: anything } } as const
/** Whoever makes a row gives it all fields, and reads null afterwards. */
const make = { allow: 'reader', to: ['create', 'remove', 'restore', 'delete'], where: open } as const
const work = { allow: 'reader', to: 'update', where: open } as const

export const UserPolicy = policy(User, { 'people know each other': { allow: signedIn, to: 'read' } })

export const FirmPolicy = policy(Firm, {
  ...all,
  'readers see their firm': { allow: 'reader', to: 'read', except: ['quota'] },
})
export const RatePolicy = policy(Rate, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open, except: ['cost'] },
  'readers make some': make,
  'readers change some': { ...work, except: ['cost'] as const },
})
export const RateStepPolicy = policy(RateStep, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open },
  'prices are kept': { reserve: ['price'], to: ['read', 'update'], for: 'knower' },
  'readers make some': make,
  'readers change some': work,
})
export const CountryPolicy = policy(Country, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open, except: ['risk'] },
})
export const PassPolicy = policy(Pass, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open, except: ['pin'] },
  'readers make some': make,
  'readers change some': { ...work, except: ['pin'] as const },
})
export const LabelPolicy = policy(Label, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open },
  'weights are kept': { reserve: ['weight'], to: ['read', 'create', 'update'], for: 'knower' },
  'readers make some': make,
  'readers change some': work,
})
export const SitePolicy = policy(Site, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open, except: ['rent'] },
  'readers make some': make,
  'readers change some': { ...work, except: ['rent'] as const },
})
export const SlotPolicy = policy(Slot, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open, except: ['load'] },
  'readers make some': make,
  'readers change some': work,
})
const secrets = ['memo', 'grade', 'due', 'marks', 'stock', 'stay', 'spot', 'terms', 'broker'] as const
export const DealPolicy = policy(Deal, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open, except: secrets },
  'readers make some': make,
  'readers change some': { ...work, except: [...secrets, 'margin'] as const },
  'margins are kept': { reserve: ['margin'], to: ['read', 'update'], for: 'knower' },
  'and of whoever made the deal': { reserve: ['margin'], to: 'read', for: 'reader', where: { placedBy: actor.id } },
})
export const ItemPolicy = policy(Item, {
  ...all,
  'readers see some': { allow: 'reader', to: 'read', where: open, except: ['cost'] },
  'readers make some': make,
  'readers change some': { ...work, except: ['cost'] as const },
})
export const NotePolicy = policy(
  Note,
  {
    ...all,
    'readers see some': { allow: 'reader', to: 'read', where: open, except: ['tone'] },
    'readers make some': make,
    'readers change some': { ...work, except: ['tone'] as const },
  },
  { onHidden: 'error' },
)
export const SiteReportPolicy = policy(SiteReport, { ...all })
