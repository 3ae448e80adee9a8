export { checkServerVersion, type ServerVersion } from './connect/check-server-version.ts'
export { type ConnectOptions, connect, type DatabasePlace, explainConnectError, readPlace } from './connect/connect.ts'
export { inTransaction } from './connect/in-transaction.ts'
export { type EnsureRolesOptions, ensureRoles } from './roles/ensure-roles.ts'
export {
  appRoleName,
  type PlatformRoles,
  platformRoles,
  replacePlaceholders,
  resolveRole,
  rolePlaceholders,
} from './roles/platform-roles.ts'
export { openProvisioner, type Provisioner, type ProvisionerOptions } from './roles/provisioner.ts'
export { roleSetName } from './roles/role-set-name.ts'
export { ensureRoleSets, maxRoleSets, roleSetsAhead } from './roles/role-sets.ts'
export { migrateSystem } from './system/migrate-system.ts'
