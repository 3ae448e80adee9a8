#!/usr/bin/env node
// Plain JavaScript that every Node from 20 on can read: it finds a Node that runs TypeScript and starts the command line with it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
const environmentAtFault = 3

if (process.features.typescript) {
  const { main } = await import(new URL('../cli/index.ts', import.meta.url).href)
  await main(process.argv.slice(2))
} else {
  const node = bundledNode()
  if (node === null) {
    console.error(
      `Rowhouse runs TypeScript as it is, and needs Node 22.18 or later for that; this is Node ${process.versions.node}.\n` +
        '  hint  Install Node 24, or run `npm ci` in the folder of Rowhouse, which brings it along.',
    )
    process.exitCode = environmentAtFault
  } else run(node)
}

/** Path of the Node that came with `npm ci`, or null. */
function bundledNode() {
  const beside = new URL('../node_modules/node/bin/', import.meta.url)
  const found = [fileURLToPath(new URL(process.platform === 'win32' ? 'node.exe' : 'node', beside)), resolvedNode()]
  return found.find((path) => path !== null && existsSync(path)) ?? null
}

/** The same package where a package manager put it elsewhere. */
function resolvedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json')
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    return null
  }
}

/** Runs the command line under another Node with this one's standard streams, signals and exit code. */
function run(node) {
  // The channel carries nothing. Its end tells the child that this process is gone, also after kill -9.
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'].filter(() => process.platform !== 'win32')
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
    if (child.connected) child.disconnect()
  })
}
