import { platformatic } from '../../../../src/kafka/platformatic/index.ts'
import type { AdapterFactory } from './brokers.ts'

export const createPlatformatic: AdapterFactory = (brokers, limits) =>
  platformatic({ bootstrapBrokers: [...brokers] }, limits)
