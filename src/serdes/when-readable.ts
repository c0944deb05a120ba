import { SchemaPendingError } from '../errors/registry-errors.ts'

/**
 * What `decode` gives, as soon as it can give anything: schemas that it lacks are awaited.
 *
 * @param decode Free of effects: it is called again.
 * @throws what `decode` throws, and RegistryUnreachableError `REGISTRY_UNREACHABLE`.
 */
export async function whenReadable<T>(decode: () => T): Promise<T> {
  for (;;) {
    try {
      return decode()
    } catch (error) {
      if (!SchemaPendingError.is(error)) throw error
      await error.ready()
    }
  }
}
