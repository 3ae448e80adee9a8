import { script } from 'rowhouse/scripts'

/** Whoever buys a hundred of something gets five percent off, unless something else was agreed. Tenants publish their own in its place. */
export default script<'OrderLine'>(({ input }) => {
  const { quantity, discount } = input as { readonly quantity: number; readonly discount?: string | null }
  return quantity >= 100 && (discount ?? null) === null ? { discount: '0.05' } : {}
})
