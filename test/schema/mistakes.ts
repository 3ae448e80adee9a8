import { describe, expect, test } from 'vitest'
import { type AppFiles, problemsOf } from './written-app.ts'

/** A mistake: what it is, the problems it is answered with (code and underlined text, in order), and the source that holds it. */
export type Mistake = readonly [
  title: string,
  expected: readonly (readonly [code: string, text: string])[],
  source: string,
]

/** Tests that every mistake is answered with exactly these problems. */
export function testMistakes(title: string, appOf: (source: string) => AppFiles, mistakes: readonly Mistake[]): void {
  describe(title, () => {
    test.each(mistakes)('%s', async (_title, expected, source) => {
      expect(await problemsOf(appOf(source))).toEqual(expected)
    })
  })
}
