import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs'
import { randomUUID } from 'node:crypto'
import pg from 'pg'

describe('the Kafka broker', () => {
  const brokers = process.env['KAFKA_BROKERS']?.split(',') ?? []
  const kafka = new Kafka({ brokers, clientId: 'servers-test', logLevel: logLevel.NOTHING })
  const topic = `servers-test-${randomUUID()}`
  const admin = kafka.admin()
  const producer = kafka.producer()
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 100 })

  beforeAll(async () => {
    await Promise.all([admin.connect(), producer.connect(), consumer.connect()])
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
  })

  afterAll(async () => {
    await consumer.disconnect()
    await producer.disconnect()
    await admin.deleteTopics({ topics: [topic] })
    await admin.disconnect()
  })

  test('a produced record is consumed', async () => {
    await producer.send({ topic, messages: [{ key: 'key', value: 'value' }] })
    await consumer.subscribe({ topic, fromBeginning: true })
    const value = await new Promise((resolve, reject) => {
      consumer
        .run({ eachMessage: async ({ message }) => resolve(message.value?.toString()) })
        .catch(reject)
    })
    expect(value).toBe('value')
  })

  test('records of long ago stay: a broker deletes them whenever it happens to look', async () => {
    const retention = {
      type: ConfigResourceTypes.TOPIC,
      name: topic,
      configNames: ['retention.ms'],
    }
    const { resources } = await admin.describeConfigs({
      resources: [retention],
      includeSynonyms: false,
    })
    expect(resources[0]?.configEntries).toMatchObject([{ configValue: '-1' }])
  })

  test('a topic is not created by asking for it', async () => {
    await expect(admin.fetchTopicMetadata({ topics: [`${topic}-absent`] })).rejects.toThrow(
      'does not host this topic-partition',
    )
  })
})

describe('the database server', () => {
  test('answers a query', async () => {
    const client = new pg.Client({ connectionString: process.env['DATABASE_URL'] })
    await client.connect()
    const { rows } = await client.query<{ one: number }>('select 1 as one')
    await client.end()
    expect(rows).toEqual([{ one: 1 }])
  })
})
