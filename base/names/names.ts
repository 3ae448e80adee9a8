/** `unitPrice`, `OrderLine` and `APIKey` → `unit_price`, `order_line`, `api_key`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

/** First letter small: `OrderLine` → `orderLine`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** First letter capital: `region` → `Region`. */
export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** Postgres cuts longer identifiers without a word. */
export const maxIdentifierBytes = 63

/** True when Postgres keeps the name whole. */
export function fitsIdentifier(name: string): boolean {
  return Buffer.byteLength(name, 'utf8') <= maxIdentifierBytes
}
