import { anything, policy, signedIn } from 'rowhouse/policies'
import { Product } from '../schema/product.entity.ts'

export const ProductPolicy = policy(Product, {
  'admins do anything': { allow: 'admin', to: anything },
  'the catalog is open to all of us': { allow: signedIn, to: 'read' },
  'leads keep the catalog': { allow: 'lead', to: ['create', 'update', 'remove', 'restore'] },
  'sales corrects the stock': { allow: 'sales', to: 'update', where: { active: true }, only: ['stock'] },
})
