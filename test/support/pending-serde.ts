import { RegistryUnreachableError, SchemaPendingError } from '../../src/errors/registry-errors.ts'
import type { Serde, SerdeUse } from '../../src/serdes/serde.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { deferred } from './deferred.ts'

/** Strings, of which those that begin with `?` cannot be read before {@link arrive} was called. */
export class PendingSerde implements Serde<string> {
  readonly name = 'pending'
  readonly uses: SerdeUse[] = []
  readonly #arrived = deferred()
  #isHere = false
  readonly column = {
    type: 'bytes',
    toCell: (value: string) => this.serialize(value),
    fromCell: (cell: unknown) => this.deserialize(cell as Uint8Array),
  } as const

  prepare(use: SerdeUse): Promise<void> {
    this.uses.push(use)
    return Promise.resolve()
  }

  serialize(value: string): Uint8Array {
    return serdes.string.serialize(value)
  }

  deserialize(bytes: Uint8Array): string {
    const text = serdes.string.deserialize(bytes)
    if (this.#isHere || !text.startsWith('?')) return text
    throw new SchemaPendingError(7, () => this.#arrived.promise)
  }

  arrive(): void {
    this.#isHere = true
    this.#arrived.resolve()
  }

  neverArrive(): void {
    this.#arrived.reject(new RegistryUnreachableError('http://registry', 'it is down'))
  }
}
