/** The name of a subject, or how to make it of the full name of the record that the schema describes. */
export type Subject = string | ((recordName: string) => string)

/**
 * Confluent's `TopicNameStrategy`, the usual one: `<topic>-key` or `<topic>-value`. A topic has one kind of record.
 *
 * @example
 * ```ts
 * topicName('orders', 'value') // 'orders-value'
 * ```
 */
export function topicName(topic: string, part: 'key' | 'value'): string {
  return `${topic}-${part}`
}

/** Confluent's `RecordNameStrategy`: the full name of the record, wherever it is written. */
export function recordName(name: string): string {
  return name
}

/** Confluent's `TopicRecordNameStrategy`: `<topic>-<full name of the record>`. A topic has several kinds of record. */
export function topicRecordName(topic: string): Subject {
  return (name) => `${topic}-${name}`
}
