import type { Problem } from '#base'
import type { LoadedModel } from '#policies'
import type { ShownProblem } from '#server'
import { docsFolder } from '../package-root.ts'
import type { Session } from '../session.ts'
import { shownProblemList } from './shown-problems.ts'

/** Says what the author of an app should know, on standard error; nothing when there is nothing. */
export function sayWarnings({ folder, warnings }: Pick<LoadedModel, 'folder' | 'warnings'>, session: Session): void {
  const shown = shownWarnings({ folder, warnings })
  if (shown.length > 0) session.terminal.say(`${shown.map(({ text }) => text).join('\n\n')}\n`)
}

/** Warnings of an app, each as the terminal shows it. */
export function shownWarnings({ folder, warnings }: Pick<LoadedModel, 'folder' | 'warnings'>): readonly ShownProblem[] {
  return shownProblemList(warnings, { folder, docs: docsFolder() })
}

/** `2 warnings`; null where there are none. */
export function warningCount(warnings: readonly Problem[]): string | null {
  if (warnings.length === 0) return null
  return warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`
}
