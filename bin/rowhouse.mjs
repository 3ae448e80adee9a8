#!/usr/bin/env node
// Plain JavaScript that every Node from 20 on can read: it finds a Node that runs TypeScript and starts the command line with it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const environmentAtFault = 3
// Set for the second process, so that a third is never started.
const relaunched = 'ROWHOUSE_RELAUNCHED'

if (process.features.typescript) await runHere()
else {
  const node = process.env[relaunched] === undefined ? bundledNode() : null
  if (node !== null) runWith(node)
  else {
    console.error(
      `Rowhouse runs TypeScript as it is, and needs Node 22.18 or later for that; this is Node ${process.versions.node}.\n` +
        '  hint  Run `npm install --save-dev --save-exact node@24` in the folder of your app, which brings it along, or install Node 24.',
    )
    process.exitCode = environmentAtFault
  }
}

async function runHere() {
  delete process.env[relaunched]
  // Types are stripped and code is compiled once, which halves a later start. In a folder of ours: anybody could prepare one in /tmp.
  module.enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/rowhouse/', import.meta.url)))
  const { main } = await import(commandLine().href)
  await main(process.argv.slice(2))
}

/** The command line: its source in the repository, what `npm run build` made of it in the package. */
function commandLine() {
  const source = new URL('../cli/index.ts', import.meta.url)
  return existsSync(source) ? source : new URL('../dist/cli/index.js', import.meta.url)
}

/** Path of the Node that came with `npm ci`, or null. */
function bundledNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const beside = fileURLToPath(new URL(`../node_modules/node/bin/${name}`, import.meta.url))
  return [beside, hoistedNode(name)].find((path) => path !== null && existsSync(path)) ?? null
}

/** The same package where a package manager put it elsewhere. */
function hoistedNode(name) {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', name)
  } catch {
    return null
  }
}

/** Runs this file under another Node with this one's standard streams, signals and exit code. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The channel carries nothing. Its end tells the child that this process is gone, also after kill -9.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [relaunched]: '1' },
  })
  const signals = process.platform === 'win32' ? ['SIGINT'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']
  const forward = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, forward)
  child.on('error', (error) => {
    console.error(`The Node that came with Rowhouse did not start: ${error.message}\n  hint  Run \`npm ci\` again.`)
    process.exitCode = environmentAtFault
  })
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, forward)
    if (signal === null) process.exitCode = code ?? 1
    else process.kill(process.pid, signal)
  })
}
