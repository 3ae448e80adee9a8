/** What a function gives back, without the warnings about the age of what it uses: Node calls stripping types experimental, and warns of it once. */
export function quietly<T>(run: () => T): T {
  const warn = process.emitWarning
  process.emitWarning = () => {}
  try {
    return run()
  } finally {
    process.emitWarning = warn
  }
}
