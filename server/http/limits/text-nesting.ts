import type { GraphQLError } from 'graphql'
import { limitError } from './limit-error.ts'

/**
 * Levels of brackets, and of what fragments spread, inside each other, whatever the limits are. What parses and measures them calls itself for each: the room for
 * that would end at some 2,000 levels or at twice as many, as the machine had time to compile it or not. No limit allows more.
 */
export const mostNesting = 1_000

/** LIMIT, for a document that is nested deeper than {@link mostNesting}. */
export function tooNested(): GraphQLError {
  const message = `Brackets and fragments of the document are more than ${mostNesting} levels inside each other. Say the same flatter.`
  return limitError({ limit: 'nesting', most: mostNesting, message })
}

/** Whether brackets of a GraphQL text, outside of its strings and comments, are inside each other deeper than {@link mostNesting}. Takes no room for levels. */
export function isTooNested(text: string): boolean {
  if (text.length <= mostNesting) return false
  let level = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === braceOpen || code === bracketOpen || code === parenthesisOpen) {
      if (++level > mostNesting) return true
    } else if (code === braceClosed || code === bracketClosed || code === parenthesisClosed) level--
    else if (code === quote) at = endOfString(text, at)
    else if (code === hash) at = endOfLine(text, at)
  }
  return false
}

/** Where the last quote of a string is that begins at a place; one that does not end ends with its line, where the parser gives up. */
function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) return endOfBlock(text, start)
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === quote || code === lineFeed || code === carriageReturn) return at
  }
  return text.length
}

/** In a block all is text but three quotes without a backslash before them. */
function endOfBlock(text: string, start: number): number {
  for (let at = start + 3; ; at += 3) {
    at = text.indexOf('"""', at)
    if (at === -1) return text.length
    if (text.charCodeAt(at - 1) !== backslash) return at + 2
  }
}

function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === lineFeed || code === carriageReturn) return at
  }
  return text.length
}

const [braceOpen, bracketOpen, parenthesisOpen] = [0x7b, 0x5b, 0x28] as const
const [braceClosed, bracketClosed, parenthesisClosed] = [0x7d, 0x5d, 0x29] as const
const [quote, hash, backslash, lineFeed, carriageReturn] = [0x22, 0x23, 0x5c, 0x0a, 0x0d] as const
