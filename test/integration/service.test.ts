import { afterEach, describe, expect, test } from '@jest/globals'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { databaseUrl, uniqueName } from './support/environment.ts'
import { leaveClean } from './support/leave-clean.ts'
import { Program } from './support/program.ts'

const name = uniqueName('service')
const ENV = { APPLICATION_ID: name, INPUT_TOPIC: `${name}-in`, OUTPUT_TOPIC: `${name}-out` }
let holder: Server | undefined
afterEach(async () => {
  await new Promise((resolve) => (holder ? holder.close(resolve) : resolve(undefined)))
  holder = undefined
  await leaveClean(name)
})

const start = (env: NodeJS.ProcessEnv = {}) =>
  new Program('build/services/example-wordcount/main.js', [], { ...ENV, ...env })

/** Takes a port that was free, and keeps it until {@link letGo} or the end of the test. */
async function takePort(): Promise<number> {
  const server = createServer()
  holder = server
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const port = await takePort()
  await new Promise((resolve) => holder!.close(resolve))
  holder = undefined
  return port
}

const health = async (port: number) => {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`)
  return { code: response.status, ...((await response.json()) as object) }
}

describe('the example service', () => {
  test('says that it runs, tells its health, and ends with 0 after SIGTERM', async () => {
    const port = await freePort()
    const service = start({ HEALTH_PORT: String(port), PARTITIONS: '1' })
    await service.printed(/counts the words/)
    const tasks = ['0_0', '1_0']
    expect(await health(port)).toEqual({ code: 200, status: 'running', tasks, reasons: [] })
    service.signal('SIGTERM')
    expect(await service.ended).toBe(0)
    expect(service.stdout).toBe(
      `wordcount: ${name} counts the words of ${name}-in into ${name}-out\n`,
    )
    expect(service.stderr).toBe('')
  })

  test.each([
    ['a database that does not exist', missingDatabase, /"missing" does not exist/],
    ['a broker that is not there', () => ({ KAFKA_BROKERS: '127.0.0.1:1' }), /KAFKA_UNREACHABLE/],
    ['a session timeout out of range', () => ({ SESSION_TIMEOUT_MS: '1' }), /session/i],
    ['a variable that is wrong', () => ({ PARTITIONS: '0' }), /PARTITIONS is '0'/],
  ])('ends with one line for %s', async (_, env, reason) => {
    const service = start(env())
    expect(await service.ended).toBe(1)
    expect(service.stderr).toMatch(/^wordcount: [^\n]*\n$/)
    expect(service.stderr).toMatch(reason)
    expect(service.stdout).toBe('')
  })

  test('ends with one line for a health port that is taken', async () => {
    const service = start({ HEALTH_PORT: String(await takePort()) })
    expect(await service.ended).toBe(1)
    expect(service.stderr).toMatch(/^wordcount: HEALTH_PORT is '\d+'.*EADDRINUSE.*\n$/)
  })
})

function missingDatabase(): NodeJS.ProcessEnv {
  const url = new URL(databaseUrl)
  url.pathname = '/missing'
  return { DATABASE_URL: url.href }
}
