import { afterEach } from '@jest/globals'
import { consoleLogger } from '../../../../src/telemetry/logger.ts'
import { TopologyTestDriver } from '../../../../src/testing/topology-test-driver.ts'
import type { TopologyTestDriverOptions } from '../../../../src/testing/topology-test-driver-options.ts'
import type { Topology } from '../../../../src/topology/topology.ts'

const open: TopologyTestDriver[] = []
afterEach(async () => {
  for (const driver of open.splice(0)) await driver.close()
})

/** A driver that says nothing and is closed when the test is over. */
export async function openDriver(
  topology: Topology,
  options: TopologyTestDriverOptions = {},
): Promise<TopologyTestDriver> {
  const driver = await TopologyTestDriver.open(topology, {
    logger: consoleLogger('silent'),
    ...options,
  })
  open.push(driver)
  return driver
}
