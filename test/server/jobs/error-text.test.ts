import { expect, test } from 'vitest'
import { errorText } from '../../../server/jobs/job-runner.ts'

test.each([
  ['its first line alone', new Error('One.\n    at file.ts:1'), 'One.'],
  [
    'not what Postgres quotes of rows',
    Object.assign(new Error('Key (email)=(a@b) exists.'), { code: '23505' }),
    'Postgres refused it (23505).',
  ],
  [
    'not who logs in where a URL says so',
    new Error('connect smtp://mailer:p4ss@mail.example:25 and https://token@api.example/x failed'),
    'connect smtp://[secret]@mail.example:25 and https://[secret]@api.example/x failed',
  ],
  ['addresses of people as they are', new Error('sam@acme.example is not there'), 'sam@acme.example is not there'],
  ['2,000 letters of it', new Error('x'.repeat(3000)), 'x'.repeat(2000)],
  ['that it said nothing', undefined, 'It failed without saying why.'],
])('of an error is kept %s', (_, error, kept) => expect(errorText(error)).toBe(kept))
