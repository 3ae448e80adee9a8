import { complaint, type SourceFile, sourceFiles } from './source-files.ts'

const rooms = ['base', 'client', 'schema', 'policies', 'migrations', 'scripts', 'workers', 'server', 'cli']

/** Complaints about exported declarations without a doc comment directly before them. */
export function checkDocComments(): readonly string[] {
  return sourceFiles(rooms).flatMap(undocumentedExports)
}

/** Complaints about one file. Re-exports need no comment of their own. */
export function undocumentedExports(file: SourceFile): string[] {
  const docEnds = file.parsed.comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ end }) => end)
  const documented = (start: number) => docEnds.some((end) => end <= start && file.text.slice(end, start).trim() === '')
  return file.parsed.program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportDefaultDeclaration') return []
    if (statement.type === 'ExportNamedDeclaration' && statement.declaration === null) return []
    if (documented(statement.start)) return []
    const head = file.text.slice(statement.start, statement.end).split('\n')[0]!
    return [complaint(file, statement.start, `no doc comment: ${head}`)]
  })
}
