import { StreamsError, type ErrorContext } from './streams-error.ts'

/** The schema registry does not answer, or says that it cannot now. */
export class RegistryUnreachableError extends StreamsError {
  readonly code = 'REGISTRY_UNREACHABLE'
  readonly reaction = 'retry'

  constructor(url: string, reason: string, context?: ErrorContext) {
    super(`the schema registry ${url} cannot be reached: ${reason}`, context)
  }
}

/** The schema registry refused a request for a reason that trying again does not mend: no right, a schema that it cannot read. */
export class RegistryRefusedError extends StreamsError {
  readonly code = 'REGISTRY_REFUSED'
  readonly reaction = 'stop'

  constructor(url: string, request: string, reason: string, context?: ErrorContext) {
    super(`the schema registry ${url} refused ${request}: ${reason}`, context)
  }
}

/** A schema may not follow those that its subject has. */
export class SchemaIncompatibleError extends StreamsError {
  readonly code = 'SCHEMA_INCOMPATIBLE'
  readonly reaction = 'stop'

  constructor(subject: string, reason: string, context?: ErrorContext) {
    super(
      `the schema of subject ${subject} is incompatible with those before it: ${reason}; ` +
        "change it as the subject's compatibility level allows (a new field needs a default), write to another subject, or change the level in the registry",
      context,
    )
  }
}

/** A schema that is to be written is not in the registry, and was not to be registered. */
export class SchemaMissingError extends StreamsError {
  readonly code = 'SCHEMA_MISSING'
  readonly reaction = 'stop'

  constructor(subject: string, what: string, context?: ErrorContext) {
    super(
      `subject ${subject} has no ${what}; register it, or let the serde do so: write: 'register'`,
      context,
    )
  }
}

/**
 * Bytes cannot be read yet: the schema that they name is being fetched. Whoever gets this awaits {@link ready} and tries the same
 * again; see `whenReadable`.
 */
export class SchemaPendingError extends StreamsError {
  readonly code = 'SCHEMA_PENDING'
  readonly reaction = 'retry'
  readonly #ready: () => Promise<void>

  /** @param ready Resolves when trying again gives another result. */
  constructor(id: number, ready: () => Promise<void>, context?: ErrorContext) {
    super(`schema ${id} is being fetched`, context)
    this.#ready = ready
  }

  static override is(error: unknown): error is SchemaPendingError {
    return StreamsError.is(error) && error.code === 'SCHEMA_PENDING'
  }

  /**
   * Resolves when trying again gives another result.
   * @throws RegistryUnreachableError `REGISTRY_UNREACHABLE`, RegistryRefusedError `REGISTRY_REFUSED`; one of its own for each call.
   */
  ready(): Promise<void> {
    return this.#ready()
  }
}
