import {
  base64,
  boolean,
  decimal,
  decimalOf,
  entity,
  float,
  formulas,
  int,
  many,
  one,
  string,
  text,
  times,
} from 'rowhouse/schema'
import { real, smallint, varchar } from './varchar.ts'

export const Category = entity('Category', {
  note: 'What kind of food it is.',
  display: 'name',
  adopt: 'public.categories',
  tenant: false,
  id: { column: 'category_id', type: 'int16' },
  fields: {
    name: string(varchar(15, 'category_name')),
    description: text({ optional: true }),
    picture: base64({ maxBytes: 100_000, optional: true }),
  },
  relations: { products: many('Product', { by: 'category' }) },
  computed: { productCount: int() },
  sort: ['name'],
})

export const Supplier = entity('Supplier', {
  note: 'A company that we buy from.',
  display: 'name',
  adopt: 'public.suppliers',
  tenant: false,
  id: { column: 'supplier_id', type: 'int16' },
  fields: {
    name: string(varchar(40, 'company_name')),
    contactName: string({ ...varchar(30), optional: true }),
    contactTitle: string({ ...varchar(30), optional: true }),
    address: string({ ...varchar(60), optional: true }),
    city: string({ ...varchar(15), optional: true }),
    region: string({ ...varchar(15), optional: true }),
    postalCode: string({ ...varchar(10), optional: true }),
    country: string({ ...varchar(15), optional: true }),
    phone: string({ ...varchar(24), optional: true }),
    fax: string({ ...varchar(24), optional: true }),
    homepage: text({ optional: true, note: 'Title and address, as Access wrote links: `Title#address#`.' }),
  },
  relations: { products: many('Product', { by: 'supplier' }) },
  sort: ['name'],
})

export const Product = entity('Product', {
  note: 'Something that we sell.',
  display: 'name',
  adopt: 'public.products',
  tenant: false,
  id: { column: 'product_id', type: 'int16' },
  fields: {
    name: string(varchar(40, 'product_name')),
    quantityPerUnit: string({ ...varchar(20), optional: true }),
    unitPrice: float({ ...real, min: 0, optional: true }),
    unitsInStock: int({ ...smallint, min: 0, optional: true }),
    unitsOnOrder: int({ ...smallint, min: 0, optional: true }),
    reorderLevel: int({ ...smallint, min: 0, optional: true, note: 'Order when there are fewer.' }),
    discontinued: int({ min: 0, max: 1, default: 0, note: '1: not sold any more.' }),
  },
  relations: {
    supplier: one('Supplier', { optional: true }),
    category: one('Category', { optional: true }),
    lines: many('OrderLine', { by: 'product' }),
    orders: many('Order', { through: 'OrderLine' }),
  },
  computed: {
    isSold: boolean(),
    stockValue: decimal({ precision: 12, scale: 2, optional: true }),
    revenue: decimal({ precision: 14, scale: 2 }),
  },
  sort: ['name'],
})

export const CategoryFormulas = formulas(Category, { productCount: (c) => c.products.count() })
export const ProductFormulas = formulas(Product, {
  isSold: { discontinued: 0 },
  stockValue: (p) => times(decimalOf(p.unitPrice), p.unitsInStock),
  revenue: (p) => p.lines.sum((l) => l.amount),
})
