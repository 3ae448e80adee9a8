/** What to do when an import names a package that is not installed; null for any other error. */
export function missingPackageHint(error: unknown): string | null {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') return null
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1]
  if (name === undefined) return null
  if (name === 'rowhouse') return 'Run `npm install` in the folder of the app: its packages are not there yet.'
  return `Run \`npm install\` in the folder of the app; if its package.json does not list "${name}", \`npm install ${name}\`.`
}
