import { script } from 'rowhouse/scripts'

export default script(({ input }) => {
  const { quantity, discount } = input as { readonly quantity: number; readonly discount?: string | null }
  return quantity >= 100 && (discount ?? null) === null ? { discount: '0.05' } : {}
})
