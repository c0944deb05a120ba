/** @typedef {import('../services/example-wordcount/kafka.ts').KafkaClient} KafkaClient */

/** @type {readonly string[]} */
const CLIENTS = ['kafkajs', 'platformatic']

/**
 * The Kafka clients of a list.
 *
 * @param {string} list Such as `kafkajs,platformatic`.
 * @returns {KafkaClient[]}
 */
export function kafkaClients(list) {
  const names = list.split(',')
  const unknown = names.find((name) => !CLIENTS.includes(name))
  if (unknown === undefined) return /** @type {KafkaClient[]} */ (names)
  throw new TypeError(`'${unknown}' is no Kafka client: there are ${CLIENTS.join(' and ')}`)
}
