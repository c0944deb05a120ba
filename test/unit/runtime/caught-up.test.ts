import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { turns, until } from '../../support/turns.ts'

const INPUT = { topic: 'in', partition: 0 }
const BETWEEN = { topic: 'more', partition: 0 }
const OUTPUT = { topic: 'out', partition: 0 }

/** Passes `in` on to `more`, and `more` to `out`: two tasks, one behind the other. */
function inTwoSteps() {
  const text = { key: serdes.string, value: serdes.string }
  const builder = new StreamsBuilder()
  builder.stream('in', text).to('more', text)
  builder.stream('more', text).to('out', text)
  return builder.build().forApplication('app')
}

let world: ApplicationWorld
let member: Member
beforeEach(async () => {
  world = await ApplicationWorld.create(inTwoSteps())
  member = await world.start()
  member.consumer.assign([INPUT, BETWEEN])
  await until('processing', () => member.settled > 0)
})
afterEach(() => world.close())

const length = (partition: typeof INPUT) => world.kafka.log(partition).length

test('an application has caught up once what its tasks send each other is processed too', async () => {
  world.produce(0, 'a')
  await until('the end', () => member.instance.isCaughtUp())
  expect(length(OUTPUT)).toBe(1)
})

test('what is sent on while Kafka says how far its logs go is not forgotten', async () => {
  member.consumer.pause(INPUT)
  member.consumer.pause(BETWEEN)
  world.produce(0, 'a')
  const answered = deferred()
  world.kafka.rangesWaitFor = answered.promise
  const isCaughtUp = member.instance.isCaughtUp()
  member.consumer.resume(INPUT)
  await until('the first step', () => length(BETWEEN) === 1)
  // Until nothing is under way any more.
  await turns(50)
  answered.resolve()
  expect(await isCaughtUp).toBe(false)
})
