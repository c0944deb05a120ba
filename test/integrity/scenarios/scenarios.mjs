import { atLeastOnceBrokerRestart, brokerCrash, brokerRestart } from './broker-restart.mjs'
import { cutConnections } from './cut-connections.mjs'
import { deadClaimer } from './dead-claimer.mjs'
import { forcedClaim } from './forced-claim.mjs'
import { frozenHeir } from './frozen-heir.mjs'
import { frozenOwner } from './frozen-owner.mjs'
import { atLeastOnceKills, randomKills } from './random-kills.mjs'
import { rollingRestart } from './rolling-restart.mjs'
import { slowDatabase } from './slow-database.mjs'

/** All of them, in the order in which they run. */
export const scenarios = [
  randomKills,
  frozenOwner,
  frozenHeir,
  deadClaimer,
  forcedClaim,
  cutConnections,
  brokerRestart,
  brokerCrash,
  atLeastOnceKills,
  atLeastOnceBrokerRestart,
  rollingRestart,
  slowDatabase,
]
