import {
  anything,
  condition,
  defineActor,
  defineRoles,
  everyone,
  everyoneExcept,
  its,
  may,
  now,
  policy,
  signedIn,
  usd,
  was,
  words,
} from 'rowhouse/policies'
import { string } from 'rowhouse/schema'
import { Shop } from '../schema/field.entity.ts'
import { Assignment, Customer, Invoice, Note, Order, OrderLine, Person } from '../schema/order.entity.ts'

// reference: defineRoles
export const roles = defineRoles({ clerk: 'Takes orders.', chief: { note: 'Runs the shop.', includes: ['clerk'] } })

// reference: words
const { reach, claim, own } = words(Person)

// reference: defineActor
export const actor = defineActor(Person, {
  country: claim(string()),
  customers: reach('Customer', { via: 'Assignment', as: 'person' }),
  name: own('name'),
})

// reference: condition
export const ours = condition(Customer, { anyOf: [{ country: actor.country }, { id: { in: actor.customers } }] })

const chief = {
  // reference: anything
  'the chief does anything': { allow: 'chief', to: anything },
} as const

export const CustomerPolicy = policy(Customer, {
  ...chief,
  'clerks see our customers': { allow: 'clerk', to: 'read', where: ours },
})
export const OrderPolicy = policy(
  Order,
  {
    ...chief,
    'clerks take orders of our customers': { allow: 'clerk', to: ['read', 'create'], where: { customer: ours } },
    // reference: now
    'what is late is seen by all': {
      allow: signedIn,
      to: 'read',
      where: { promisedOn: { before: now }, shippedAt: null },
    },
    // reference: was
    'clerks promise earlier, never later': {
      allow: 'clerk',
      to: 'update',
      where: { customer: ours },
      becoming: { promisedOn: { atMost: was('promisedOn') } },
      only: ['promisedOn'],
    },
    // reference: Only.sets
    'clerks give nothing away': { allow: 'clerk', to: 'create', where: { customer: ours }, sets: { gift: usd('0') } },
    // reference: Reserve.reserve
    'tips are for the chief': { reserve: ['tip'], to: ['read', 'update'], for: 'chief', because: 'Ask the chief.' },
    // reference: everyone
    'nothing is deleted for good': { deny: everyone, to: 'delete', because: 'We keep what we learnt.' },
  },
  {
    // reference: PolicyOptions.onHidden
    onHidden: 'error',
  },
)
export const OrderLinePolicy = policy(OrderLine, {
  ...chief,
  // reference: may
  'lines are as visible as their orders': { allow: 'clerk', to: 'read', where: { order: may('read') } },
})
export const InvoicePolicy = policy(Invoice, {
  ...chief,
  // reference: its
  'clerks see bills of what comes later than wanted': {
    allow: 'clerk',
    to: 'read',
    where: { order: { promisedOn: { after: its('wantedOn') } } },
  },
})
export const AssignmentPolicy = policy(Assignment, chief)
export const NotePolicy = policy(Note, {
  ...chief,
  // reference: everyoneExcept
  'others leave notes as they are': {
    deny: everyoneExcept('chief'),
    to: ['update', 'remove'],
    because: 'Write another one.',
  },
})
export const PersonPolicy = policy(Person, {
  // reference: signedIn
  'people see each other': { allow: signedIn, to: 'read' },
})

// reference: policy
export const ShopPolicy = policy(Shop, { 'all see open shops': { allow: signedIn, to: 'read', where: { open: true } } })
