import { everyone, policy } from 'rowhouse/policies'
import { Category, Product, Supplier } from '../schema/catalogue.entity.ts'
import { Region, Territory, UsState } from '../schema/employee.entity.ts'
import { Shipper } from '../schema/order.entity.ts'

const open = { 'everyone may look': { allow: everyone, to: 'read' } } as const

export const CategoryPolicy = policy(Category, open)
export const RegionPolicy = policy(Region, open)
export const ShipperPolicy = policy(Shipper, open)
export const TerritoryPolicy = policy(Territory, open)
export const UsStatePolicy = policy(UsState, open)

export const ProductPolicy = policy(Product, {
  'everyone sees what is sold': { allow: everyone, to: 'read', where: { discontinued: 0 } },
  'staff sees everything': { allow: ['sales', 'director'], to: 'read' },
  'directors set prices and levels': { allow: 'director', to: 'update', except: ['supplier'] },
})

export const SupplierPolicy = policy(Supplier, {
  'staff sees suppliers': { allow: ['sales', 'director'], to: 'read' },
  'directors keep suppliers': { allow: 'director', to: ['update', 'delete'] },
})
