import type { Amount, Digits } from '../types/values.ts'
import { declare } from './declare.ts'

/** An exact amount for conditions: `amount('SEK', '50000')`. */
export function amount(currency: string, value: Digits): Amount {
  return declare('money', { currency, amount: value })
}

/** An exact amount in US dollars. */
export function usd(value: Digits): Amount {
  return amount('USD', value)
}

/** An exact amount in euros. */
export function eur(value: Digits): Amount {
  return amount('EUR', value)
}
