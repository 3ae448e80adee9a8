/** Names and values by turns, in the spelling and order in which they came: as Node has them, and takes them. */
export type RawHeaders = readonly string[]

/** All but those of some names, which are in lower case. */
export function headersBut(names: readonly string[], headers: RawHeaders): string[] {
  return pairsOf(headers)
    .filter(([name]) => !names.includes(name.toLowerCase()))
    .flat()
}

/** What stands before a body: the first line, the headers and an empty line. */
export function headOf(firstLine: string, headers: RawHeaders): string {
  const lines = pairsOf(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${firstLine}\r\n${lines.join('')}\r\n`
}

function pairsOf(headers: RawHeaders): (readonly [name: string, value: string])[] {
  return Array.from({ length: headers.length / 2 }, (_, at) => [headers[2 * at]!, headers[2 * at + 1]!] as const)
}
