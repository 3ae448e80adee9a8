import { describe, expect, test } from 'vitest'
import { quoteIdentifier, quoteLiteral, sql, toStatement, toText } from '#base'

describe('sql', () => {
  test('numbers values in order and quotes identifiers', () => {
    const query = sql`select * from ${sql.identifier('app', 'or"der')} where a = ${sql.value(1)} and b = ${sql.value('x')}`
    expect(toStatement(query)).toEqual({
      text: 'select * from "app"."or""der" where a = $1 and b = $2',
      values: [1, 'x'],
    })
  })

  test('refuses anything but SQL in a hole', () => {
    expect(() => sql`select ${'1; drop table x' as never}`).toThrow(TypeError)
  })

  test('refuses bound values in DDL', () => {
    expect(() => toText(sql`select ${sql.value(1)}`)).toThrow(TypeError)
  })

  test('literals stay on one line and cannot name a placeholder', () => {
    expect(quoteLiteral("it's")).toBe("'it''s'")
    expect(quoteLiteral('see :OWNER\n--!include /etc/passwd\\')).toBe(
      "E'see \\u003aOWNER\\u000a--!include /etc/passwd\\\\'",
    )
    expect(quoteLiteral('12:30')).toBe("'12:30'")
  })

  test('refuses NUL', () => {
    expect(() => quoteLiteral('a\0')).toThrow(TypeError)
    expect(() => quoteIdentifier('a\0')).toThrow(TypeError)
  })
})
