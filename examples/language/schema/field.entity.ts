import {
  base64,
  boolean,
  choice,
  choiceType,
  date,
  datetime,
  decimal,
  dict,
  duration,
  email,
  embed,
  embedType,
  entity,
  eur,
  float,
  int,
  int64,
  list,
  money,
  numbering,
  period,
  phone,
  secret,
  shape,
  shapeType,
  slug,
  string,
  text,
  time,
  timezone,
  url,
  uuid,
} from 'rowhouse/schema'

// reference: choiceType
export const colour = choiceType('Colour', { red: 'Red', blue: { label: 'Blue', color: '#00f' } })

// reference: embedType
export const address = embedType('Address', { street: string({ max: 80 }), city: string({ max: 40 }) })

// reference: shapeType
export const opening = shapeType('Opening', { from: time(), to: time() })

export const Shop = entity('Shop', {
  fields: {
    // reference: string
    name: string({ max: 80, unique: true, ignoreCase: true }),
    // reference: text
    story: text({ optional: true, max: 10_000 }),
    // reference: slug
    handle: slug({ unique: true }),
    // reference: email
    contact: email({ pii: true }),
    // reference: url
    website: url({ optional: true }),
    // reference: phone
    hotline: phone({ optional: true }),
    // reference: timezone
    zone: timezone({ default: 'Europe/Berlin' }),
    // reference: choice
    size: choice({ small: 'Up to ten people', large: 'More' }, { default: 'small' }),
    // reference: boolean
    open: boolean({ default: true }),
    // reference: int
    seats: int({ min: 0, max: 500 }),
    // reference: int64
    clicks: int64({ default: '0' }),
    // reference: float
    temperature: float({ optional: true }),
    // reference: decimal
    taxRate: decimal({ precision: 5, scale: 2, min: '0' }),
    // reference: money
    rent: money({ currency: 'EUR', default: '0' }),
    // reference: datetime
    openedAt: datetime({ default: 'now' }),
    // reference: date
    foundedOn: date({ default: 'today' }),
    // reference: time
    closesAt: time({ default: '18:00' }),
    // reference: duration
    visit: duration({ in: 'minutes', default: 20 }),
    // reference: uuid
    partner: uuid({ optional: true }),
    // reference: period
    lease: period({ of: 'date', optional: true }),
    // reference: numbering
    number: numbering('S-{YYYY}-{000}', { per: ['year'] }),
    // reference: embed
    home: embed(address, { optional: true }),
    // reference: shape
    hours: shape(opening, { optional: true }),
    // reference: list
    colours: list(choice(colour), { max: 5, default: [] }),
    // reference: dict
    stock: dict({ values: int({ min: 0 }), default: {} }),
    // reference: base64
    logo: base64({ maxBytes: 65_536, optional: true }),
    // reference: secret
    alarmCode: secret({ keep: 'hash', optional: true }),
  },
  rules: {
    // reference: anyOf
    'open shops have seats': { anyOf: [{ open: false }, { seats: { over: 0 } }] },
    // reference: allOf
    'seats are few': { allOf: [{ seats: { under: 400 } }, { seats: { isNot: 13 } }] },
    // reference: not
    'no large shop is free': { not: { size: 'large', rent: eur('0') } },
    // reference: exactlyOne
    'a shop has a website or a phone': { exactlyOne: ['website', 'hotline'] },
    // reference: atLeastOne
    'somebody answers': { atLeastOne: ['website', 'hotline', 'partner'] },
    // reference: together
    'partners have a lease': { together: ['partner', 'lease'] },
  },
})
