import { afterEach, describe, expect, test } from '@jest/globals'
import { Kafka, logLevel } from 'kafkajs'
import { brokers } from './support/environment.ts'
import { onEveryError, TestApplication } from './support/test-application.ts'
import { wordCount } from './support/word-count.ts'

let app: TestApplication | undefined
afterEach(() => app?.remove())

/** Not a matter of single records: the failure policy has no say. */
describe.each(['fail', 'skip'] as const)('with onError %s', (decision) => {
  test('an input topic that does not exist stops the start and is named', async () => {
    app = new TestApplication(wordCount, onEveryError(decision))
    await app.createTopic({ topic: app.output, partitions: 2 })
    const error = await app.run()
    expect(error).toMatchObject({ code: 'TOPIC_MISSING' })
    expect(error!.message).toContain(app.input)
  })

  test('an output topic that does not exist stops the start and is named', async () => {
    app = new TestApplication(wordCount, onEveryError(decision))
    await app.createTopic({ topic: app.input, partitions: 2 })
    const error = await app.run()
    expect(error).toMatchObject({ code: 'TOPIC_MISSING' })
    expect(error!.message).toContain(app.output)
  })

  test('an input topic with more partitions than last time stops the start and says what to do', async () => {
    app = new TestApplication(wordCount, onEveryError(decision))
    await app.createTopics()
    await app.write([{ value: 'a' }])
    expect(await app.run()).toBeUndefined()
    await (await app.kafka()).growTopics([{ topic: app.input, partitions: 4 }])
    const error = await app.run()
    expect(error).toMatchObject({ code: 'CATALOGUE_MISMATCH' })
    expect(error!.message).toMatch(
      /partitions: 4.*partitions: 2.*call reshard\(topology, options\)/,
    )
    expect(await app.rows('counts')).toEqual(new Map([['a', 1]]))
  })

  test('an input topic that was deleted and made again, and has the offset, stops the start', async () => {
    app = new TestApplication(wordCount, {
      ...{ ...onEveryError(decision), onOffsetOutOfRange: 'earliest' },
    })
    await app.createTopics()
    await app.write([{ value: 'a' }])
    expect(await app.run()).toBeUndefined()
    await makeAgain(app)
    await app.write([{ value: 'b' }, { value: 'c' }, { value: 'd' }])
    expect(await app.run()).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
    expect(await app.rows('counts')).toEqual(new Map([['a', 1]]))
  })

  test('twenty instances start at once on an empty database and count everything once', async () => {
    app = new TestApplication(wordCount, { partitions: 4, ...onEveryError(decision) })
    await app.createTopics()
    const lines = Array.from({ length: 400 }, (_, index) => ({ value: `w${index % 7} every`, partition: index % 4 })) // prettier-ignore
    await app.write(lines)
    const instances = Array.from({ length: 20 }, () => app!.create())
    await Promise.all(instances.map((instance) => instance.start()))
    await everyWordCounted(app, 800)
    const rows = await app.rows('counts')
    expect(rows.get('every')).toBe(400)
    expect([...rows.values()].reduce((sum, count) => sum + count, 0)).toBe(800)
  })
})

/** Deletes the input topic, and makes it again as it was. */
async function makeAgain(application: TestApplication): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [application.input] })
  await admin.disconnect()
  const kafka = await application.kafka()
  const isThere = async () => (await kafka.describeTopics([application.input])).size > 0
  while (await isThere()) await new Promise((resolve) => setTimeout(resolve, 20))
  await application.createTopic({ topic: application.input, partitions: 2 })
}

async function everyWordCounted(application: TestApplication, words: number): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const sum = [...(await application.rows('counts')).values()].reduce((total, count) => total + count, 0) // prettier-ignore
    if (sum >= words || Date.now() > deadline) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
