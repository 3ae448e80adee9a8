import {
  boolean,
  choice,
  choiceType,
  date,
  datetime,
  decimal,
  duration,
  email,
  float,
  int,
  int64,
  money,
  phone,
  slug,
  string,
  text,
  time,
  timezone,
  url,
  uuid,
} from 'rowhouse/schema'

export const fields = [
  // @ts-expect-error misspelt option
  string({ max: 20, uniqe: true }),
  // @ts-expect-error a number
  string({ max: '20' }),
  // @ts-expect-error not an option of texts
  text({ precision: 3 }),
  // @ts-expect-error true, or leave it out
  string({ unique: false }),
  // @ts-expect-error not an option of texts
  slug({ currency: 'EUR' }),
  // @ts-expect-error true, or leave it out
  email({ ignoreCase: 'yes' }),
  // @ts-expect-error a text
  url({ default: 5 }),
  // @ts-expect-error misspelt option
  phone({ optinal: true }),
  // @ts-expect-error not an option of time zones
  timezone({ matches: 'x' }),
  // @ts-expect-error a number
  int({ min: '1' }),
  // @ts-expect-error not an option of numbers
  int({ ignoreCase: true }),
  // @ts-expect-error digits in quotes
  int64({ default: 5 }),
  // @ts-expect-error whole digits
  int64({ default: '5.5' }),
  // @ts-expect-error not an option of floats
  float({ scale: 2 }),
  // @ts-expect-error precision and scale are needed
  decimal(),
  // @ts-expect-error scale is needed
  decimal({ precision: 12 }),
  // @ts-expect-error never a float
  decimal({ precision: 12, scale: 2, default: 0.1 }),
  // @ts-expect-error one or the other
  money({ currency: 'EUR', in: 'currency' }),
  // @ts-expect-error never a float
  money({ min: 0 }),
  // @ts-expect-error not an option of money
  money({ precision: 12 }),
  // @ts-expect-error true or false
  boolean({ default: 'true' }),
  // @ts-expect-error not an option of booleans
  boolean({ min: 0 }),
  // @ts-expect-error the word of days
  datetime({ default: 'today' }),
  // @ts-expect-error the word of instants
  date({ default: 'now' }),
  // @ts-expect-error 08:30
  time({ default: 'noon' }),
  // @ts-expect-error a unit is needed
  duration(),
  // @ts-expect-error unknown unit
  duration({ in: 'weeks' }),
  // @ts-expect-error the only default
  uuid({ default: 'v7' }),
  // @ts-expect-error values are needed
  choice(),
  // @ts-expect-error not one of the values
  choice(['eu', 'us'], { default: 'asia' }),
  // @ts-expect-error misspelt option
  choice(['eu', 'us'], { defualt: 'eu' }),
  // @ts-expect-error misspelt detail
  choice({ eu: { lable: 'Europe' } }),
  // @ts-expect-error values are texts
  choice([1, 2]),
  // @ts-expect-error a name is needed
  choiceType(['eu', 'us']),
]
