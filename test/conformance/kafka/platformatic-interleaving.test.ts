import { interleavingSuite } from './interleaving-suite.ts'
import { createPlatformatic } from './support/create-platformatic.ts'

interleavingSuite(createPlatformatic)
