/** What fields of the schema say of themselves to {@link isSureField} and {@link isKeyField}. */
interface FieldWord {
  readonly isSure?: boolean
  readonly isKey?: boolean
}

/** A word beside others that a field has. */
type Extended = { readonly extensions?: unknown }

/** `extensions` of a field whose value, however Postgres answers, cannot fail: it is read, and nothing else is done with it. */
export function sureExtensions(field: Extended, word: FieldWord = {}): Record<string, unknown> {
  const { rowhouse, ...others } = (field.extensions ?? {}) as { readonly rowhouse?: object }
  return { ...others, rowhouse: { ...rowhouse, isSure: true, ...word } }
}

/** True for a field whose value cannot fail once Postgres has answered. */
export function isSureField(field: Extended): boolean {
  return wordOf(field).isSure === true
}

/** True for a field of a payload that is the key of a row. */
export function isKeyField(field: Extended): boolean {
  return wordOf(field).isKey === true
}

function wordOf({ extensions }: Extended): FieldWord {
  return (extensions as { readonly rowhouse?: FieldWord } | undefined)?.rowhouse ?? {}
}
