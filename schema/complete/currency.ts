const none = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '))
const three = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '))

/** Digits behind the point of an ISO 4217 currency; 2 when the currency is not known beforehand. */
export function minorDigits(currency: string | null): number {
  if (currency === null) return 2
  return none.has(currency) ? 0 : three.has(currency) ? 3 : 2
}
