import { registerHooks } from 'node:module'

/** While open, an app whose packages are not installed yet finds this Rowhouse. Close it when all is loaded. */
export function ownModules(): { readonly close: () => void } {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        if (!/^rowhouse\/[a-z]+$/.test(specifier)) throw error
        return { url: import.meta.resolve(specifier), shortCircuit: true }
      }
    },
  })
  return { close: () => hooks.deregister() }
}
