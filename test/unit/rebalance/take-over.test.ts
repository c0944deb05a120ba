import { describe, expect, test } from '@jest/globals'
import { claim, readClaims, storeTransactionalId } from '../../../src/commit/claim.ts'
import type { Database } from '../../../src/database/database.ts'
import { KafkaUnreachableError } from '../../../src/errors/kafka-errors.ts'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import { takeOver } from '../../../src/rebalance/take-over.ts'
import { databaseFor, NO_BOUNDS } from '../../support/memory-state.ts'
import { signalsAt, silentTelemetry } from '../../support/telemetry.ts'

const TASK_IDS: readonly TaskId[] = ['0_0', '0_1', '0_2']
const bounds = { claim: NO_BOUNDS, commit: NO_BOUNDS }

/** Tasks whose rows name these ids, by task. */
async function databaseWith(ids: Partial<Record<TaskId, string>>): Promise<Database> {
  const database = await databaseFor(TASK_IDS)
  const claims = await claim(database, TASK_IDS, { instance: 'old', bounds: NO_BOUNDS })
  for (const one of claims) {
    const id = ids[one.taskId]
    if (id) await storeTransactionalId(database, [one], id, NO_BOUNDS)
  }
  return database
}

interface Fencing {
  readonly fence?: (id: string) => Promise<void>
}

function contextOf(database: Database, { fence = async () => undefined }: Fencing = {}) {
  const fenced: string[] = []
  const kafka = {
    fence: async (id: string) => {
      fenced.push(id)
      await fence(id)
    },
  } as unknown as Kafka
  const telemetry = silentTelemetry()
  return { context: { database, kafka, instance: 'new', bounds, telemetry }, fenced }
}

const ownId = () => Promise.resolve('new-1')

describe('a takeover', () => {
  test('answers the claims whose rows now name one’s own id', async () => {
    const { context } = contextOf(await databaseWith({ '0_0': 'old-1' }))
    const claims = await takeOver(context, { assigned: ['0_0', '0_1'] }, ownId)
    expect(claims.map(({ taskId, epoch }) => [taskId, epoch])).toEqual([
      ['0_0', 2n],
      ['0_1', 2n],
    ])
    const rows = await readClaims(context.database, ['0_0', '0_1'])
    expect(rows.map(({ transactionalId }) => transactionalId)).toEqual(['new-1', 'new-1'])
  })

  test('fences each predecessor once', async () => {
    const ids = { '0_0': 'old-1', '0_1': 'old-1', '0_2': 'old-2' } as const
    const { context, fenced } = contextOf(await databaseWith(ids))
    await takeOver(context, { assigned: TASK_IDS }, ownId)
    expect(fenced.toSorted()).toEqual(['old-1', 'old-2'])
  })

  test('fences nobody where the row names no id', async () => {
    const { context, fenced } = contextOf(await databaseWith({}))
    await takeOver(context, { assigned: TASK_IDS }, ownId)
    expect(fenced).toEqual([])
  })

  test('has claimed before it fences: nobody else can store an id in between', async () => {
    const database = await databaseWith({ '0_0': 'old-1' })
    const epochs: bigint[] = []
    const fence = async () => void epochs.push((await readClaims(database, ['0_0']))[0]!.epoch)
    await takeOver(contextOf(database, { fence }).context, { assigned: ['0_0'] }, ownId)
    expect(epochs).toEqual([2n])
  })

  test('leaves the predecessor’s id in the row until it is fenced', async () => {
    const database = await databaseWith({ '0_0': 'old-1' })
    const ids: (string | null)[] = []
    const look = async () =>
      void ids.push((await readClaims(database, ['0_0']))[0]!.transactionalId)
    const { context } = contextOf(database, { fence: look })
    await takeOver(context, { assigned: ['0_0'] }, async () => {
      await look()
      return 'new-1'
    })
    expect(ids).toEqual(['old-1', 'old-1'])
  })

  test('that cannot fence stores nothing: the next one still finds whom to fence', async () => {
    const database = await databaseWith({ '0_0': 'old-1' })
    const fence = () => Promise.reject(new KafkaUnreachableError(['b']))
    const { context } = contextOf(database, { fence })
    await expect(takeOver(context, { assigned: ['0_0'] }, ownId)).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
    })
    expect((await readClaims(database, ['0_0']))[0]?.transactionalId).toBe('old-1')
  })

  test('that is overtaken between claim and store does not get the task', async () => {
    const database = await databaseWith({ '0_0': 'old-1', '0_1': 'old-1' })
    const fence = async () =>
      void (await claim(database, ['0_0'], { instance: 'third', bounds: NO_BOUNDS }))
    const { context } = contextOf(database, { fence })
    const claims = await takeOver(context, { assigned: ['0_0', '0_1'] }, ownId)
    expect(claims.map(({ taskId }) => taskId)).toEqual(['0_1'])
    expect((await readClaims(database, ['0_0']))[0]).toMatchObject({
      instance: 'third',
      transactionalId: 'old-1',
    })
  })

  test('of tasks that were held leaves out those with a newer owner, and fences nobody for them', async () => {
    const database = await databaseWith({ '0_0': 'mine-1', '0_1': 'third-1' })
    const held = TASK_IDS.slice(0, 2).map((taskId) => ({ taskId, epoch: 1n }))
    await claim(database, ['0_1'], { instance: 'third', bounds: NO_BOUNDS })
    const { context, fenced } = contextOf(database)
    const claims = await takeOver(context, { held }, ownId)
    expect(claims.map(({ taskId }) => taskId)).toEqual(['0_0'])
    expect(fenced).toEqual(['mine-1'])
  })

  test('of held tasks that all have a newer owner claims nothing', async () => {
    const { context } = contextOf(await databaseWith({}))
    const claims = await takeOver(context, { held: [{ taskId: '0_0', epoch: 7n }] }, ownId)
    expect(claims).toEqual([])
  })

  test('of a released task is one transaction: who claims it has nothing to fence first', async () => {
    const database = await databaseWith({ '0_1': 'old-1' })
    const seen: (string | null)[] = []
    const signals = signalsAt('claimed', async () => {
      const rows = await readClaims(database, ['0_0', '0_1'])
      seen.push(...rows.map(({ transactionalId }) => transactionalId))
    })
    const { context } = contextOf(database)
    const telemetry = silentTelemetry({ signals })
    await takeOver({ ...context, telemetry }, { assigned: ['0_0', '0_1'] }, ownId)
    expect(seen).toEqual(['new-1', 'old-1'])
  })

  test('that a test stops at “claimed” has fenced nobody', async () => {
    const { context, fenced } = contextOf(await databaseWith({ '0_0': 'old-1' }))
    let seen: number | undefined
    const signals = signalsAt('claimed', async () => void (seen = fenced.length))
    const telemetry = silentTelemetry({ signals })
    await takeOver({ ...context, telemetry }, { assigned: ['0_0'] }, ownId)
    expect(seen).toBe(0)
  })
})
