import type { Person } from './app-config.ts'
import type { Complain } from './read-settings.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const shortName = /^[\w.-]+$/

/** Complains about people that no token can be made for. */
export function checkPeople(people: Readonly<Record<string, Person>>, complain: Complain): void {
  for (const [name, person] of Object.entries(people)) checkPerson(name, person, complain)
}

function checkPerson(name: string, person: Person, complain: Complain): void {
  const at = `people.${name}`
  if (!shortName.test(name)) complain(`${at}: a name is made of letters, digits, "_", "." and "-".`)
  if (typeof person !== 'object' || person === null) {
    complain(`${at} is no object with id, tenant and roles.`)
    return
  }
  if (!uuid.test(String(person.id))) complain(`${at}.id is no uuid in small letters.`)
  if (!uuid.test(String(person.tenant))) complain(`${at}.tenant is no uuid in small letters.`)
  if (!Array.isArray(person.roles)) complain(`${at}.roles is no list of roles.`)
}
