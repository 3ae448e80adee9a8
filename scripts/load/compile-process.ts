import { text } from 'node:stream/consumers'
import { compileScript } from './compile-script.ts'

// A process of its own: reads `{ name, source }`, and makes a script of it.

const { name, source } = JSON.parse(await text(process.stdin)) as { readonly name: string; readonly source: string }
process.stdout.write(JSON.stringify(compileScript(name, source)))
