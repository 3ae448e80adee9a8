import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseSync } from 'oxc-parser'

/** What a browser loads when a page imports the module at this path: the code of each module by its address. */
export function moduleGraph(path: string): ReadonlyMap<string, string> {
  const modules = new Map<string, string>()
  const waiting = [pathToFileURL(path).href]
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (modules.has(url)) continue
    const code = codeOf(url)
    modules.set(url, code)
    for (const each of importsOf(code))
      waiting.push(each.startsWith('.') ? new URL(each, url).href : import.meta.resolve(each))
  }
  return modules
}

function codeOf(url: string): string {
  if (!url.startsWith('file:')) return ''
  const text = readFileSync(fileURLToPath(url), 'utf8')
  return url.endsWith('.ts') ? stripTypeScriptTypes(text) : text
}

function importsOf(code: string): readonly string[] {
  const { staticImports, staticExports, dynamicImports } = parseSync('module.js', code).module
  if (dynamicImports.length > 0) throw new Error('A dynamic import is not followed here.')
  return [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
  ]
}
