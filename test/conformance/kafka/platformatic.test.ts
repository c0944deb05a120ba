import { brokerSuite } from './broker-suite.ts'
import { createPlatformatic } from './support/create-platformatic.ts'

brokerSuite('platformatic', createPlatformatic)
