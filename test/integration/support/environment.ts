/** The servers that `npm test` found or started. */
export const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',')
export const databaseUrl = process.env['DATABASE_URL'] ?? ''
/** Of Confluent's API; absent on machines that cannot start a schema registry. */
export const schemaRegistryUrl = process.env['SCHEMA_REGISTRY_URL']

let counter = 0

/** A name that no other test uses, on servers that may be shared. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${process.pid.toString(36)}${Date.now().toString(36)}${(counter++).toString(36)}`
}
