import { readdirSync, readFileSync } from 'node:fs'
import { modelErrors, modelWarnings, operatorErrors, requestErrors } from '../../base/index.ts'
import { repositoryFiles } from './source-files.ts'

/** Complaints where the catalogue, the pages in `docs/errors/` and the tests do not name the same codes. */
export function checkErrorCatalogue(): readonly string[] {
  const codes = [modelErrors, modelWarnings, operatorErrors, requestErrors].flatMap((family) => Object.keys(family))
  const pages = readdirSync('docs/errors').filter((name) => name.endsWith('.md') && name !== 'README.md')
  const tests = repositoryFiles(['.ts', '.txt'])
    .filter((path) => path.startsWith('test/'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  return [
    ...codes.filter((code) => !pages.includes(`${code}.md`)).map((code) => `docs/errors/${code}.md is missing.`),
    ...pages
      .filter((page) => !codes.includes(page.slice(0, -3)))
      .map((page) => `docs/errors/${page} explains a code that the catalogue lacks.`),
    ...codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests)).map((code) => `no test provokes ${code}.`),
    ...codes.filter((code, index) => codes.indexOf(code) !== index).map((code) => `${code} is listed twice.`),
    ...pages.flatMap(checkPage),
  ]
}

function checkPage(page: string): string[] {
  const [title] = readFileSync(`docs/errors/${page}`, 'utf8').split('\n', 1)
  return title === `# ${page.slice(0, -3)}`
    ? []
    : [`docs/errors/${page}: the first line is not "# ${page.slice(0, -3)}".`]
}
