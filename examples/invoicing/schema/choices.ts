import { choiceType } from 'rowhouse/schema'

export const region = choiceType('Region', { eu: 'Europe', us: 'United States', apac: 'Asia and Pacific' })

export const currency = choiceType('Currency', ['EUR', 'USD', 'GBP'])
