/** What runs in the thread of a {@link ScenarioThread}: answers each {@link ThreadTask} with its result, in JSON. */
import { parentPort, workerData } from 'node:worker_threads'
import { postgres } from '../../../src/database/postgres/index.ts'
import { createRandom } from '../../support/random.ts'
import { runScenario, type RunOptions } from './run-scenario.ts'
import { idIn, type ThreadSetup, type ThreadTask } from './scenario-thread.ts'
import { parseScenario } from './scenario.ts'
import { SpecError } from './spec-error.ts'
import { UnsupportedError } from './unsupported-error.ts'

parentPort?.on('message', (task: ThreadTask) => {
  void resultOf(task).then((result) => parentPort?.postMessage(JSON.stringify(result)))
})

async function resultOf({ line, index }: ThreadTask): Promise<object> {
  try {
    const scenario = parseScenario(line)
    return { id: scenario.id, ...(await runScenario(scenario, optionsOf(index))) }
  } catch (error) {
    const id = idIn(line)
    if (error instanceof SpecError) return { id, specError: error.message }
    if (error instanceof UnsupportedError) return { id, unsupported: error.message }
    const message = error instanceof Error ? error.message : String(error)
    return { id, outputs: [], error: { step: -1, kind: 'unexpected', message } }
  }
}

function optionsOf(index: number): RunOptions {
  const { restarts, commits, postgres: url } = workerData as ThreadSetup
  return {
    ...(url && { database: postgres({ url }), schema: `conformance_${index}` }),
    ...(restarts && { restarts: createRandom(Number(restarts) + index) }),
    ...(commits && { commits: createRandom(Number(commits) + index) }),
  }
}
