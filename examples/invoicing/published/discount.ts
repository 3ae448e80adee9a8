import { script } from 'rowhouse/scripts'

/** What Acme publishes in the place of `scripts/discount`: a tenth off, unless something else was agreed. */
export default script<'OrderLine'>(({ input }) => {
  const { discount } = input as { readonly discount?: string | null }
  return (discount ?? null) === null ? { discount: '0.1' } : {}
})
