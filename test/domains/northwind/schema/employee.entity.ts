import { base64, concat, date, entity, formulas, int, many, one, string, text } from 'rowhouse/schema'
import { varchar } from './varchar.ts'

export const Employee = entity('Employee', {
  note: 'Somebody who works for us.',
  display: 'name',
  adopt: 'public.employees',
  tenant: false,
  id: { column: 'employee_id', type: 'int16' },
  pii: true,
  fields: {
    lastName: string(varchar(20)),
    firstName: string(varchar(10)),
    title: string({ ...varchar(30), optional: true }),
    titleOfCourtesy: string({ ...varchar(25), optional: true }),
    bornOn: date({ optional: true, column: 'birth_date' }),
    hiredOn: date({ optional: true, column: 'hire_date' }),
    address: string({ ...varchar(60), optional: true }),
    city: string({ ...varchar(15), optional: true }),
    region: string({ ...varchar(15), optional: true }),
    postalCode: string({ ...varchar(10), optional: true }),
    country: string({ ...varchar(15), optional: true }),
    homePhone: string({ ...varchar(24), optional: true }),
    extension: string({ ...varchar(4), optional: true }),
    photo: base64({ maxBytes: 100_000, optional: true }),
    notes: text({ optional: true }),
    photoPath: string({ ...varchar(255), optional: true }),
  },
  relations: {
    reportsTo: one('Employee', { optional: true, column: 'reports_to' }),
    reports: many('Employee', { by: 'reportsTo' }),
    orders: many('Order', { by: 'employee' }),
    territories: many('Territory', { through: 'EmployeeTerritory' }),
  },
  computed: { name: string(), orderCount: int() },
  sort: ['lastName', 'firstName'],
})

export const EmployeeTerritory = entity('EmployeeTerritory', {
  note: 'An employee looks after a territory.',
  adopt: 'public.employee_territories',
  tenant: false,
  key: ['employee', 'territory'],
  fields: {},
  relations: { employee: one('Employee'), territory: one('Territory') },
})

export const Territory = entity('Territory', {
  note: 'Where customers are.',
  display: 'name',
  plural: 'Territories',
  adopt: 'public.territories',
  tenant: false,
  key: 'code',
  fields: {
    code: string(varchar(20, 'territory_id')),
    name: string(varchar(60, 'territory_description')),
  },
  relations: { region: one('Region'), employees: many('Employee', { through: 'EmployeeTerritory' }) },
})

export const Region = entity('Region', {
  display: 'name',
  adopt: 'public.region',
  tenant: false,
  id: { column: 'region_id', type: 'int16' },
  fields: { name: string(varchar(60, 'region_description')) },
  relations: { territories: many('Territory', { by: 'region' }) },
})

export const UsState = entity('UsState', {
  note: 'A state of the United States.',
  display: 'name',
  adopt: 'public.us_states',
  tenant: false,
  id: { column: 'state_id', type: 'int16' },
  fields: {
    name: string({ ...varchar(100, 'state_name'), optional: true }),
    code: string({ ...varchar(2, 'state_abbr'), optional: true }),
    region: string({ ...varchar(50, 'state_region'), optional: true }),
  },
  sort: ['name'],
})

export const EmployeeFormulas = formulas(Employee, {
  name: (e) => concat(e.firstName, ' ', e.lastName),
  orderCount: (e) => e.orders.count(),
})
