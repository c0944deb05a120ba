/**
 * What every broker that is started here gets, from jars or in a container: it is alone, and it is quick.
 *
 * A broker that is alone cannot have the three replicas that Kafka's own topics ask for: without the two about transactions it
 * has no transaction coordinator. Images differ in what they set for themselves, so nothing is left to them.
 *
 * @type {Readonly<Record<string, string | number | boolean>>}
 */
export const singleBrokerProperties = {
  'auto.create.topics.enable': false,
  // Records of tests have times of long ago: half a minute after its start a broker would delete them.
  'log.retention.ms': -1,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'group.initial.rebalance.delay.ms': 0,
  // Tests wait for logs to be compacted.
  'log.cleaner.backoff.ms': 200,
  'group.min.session.timeout.ms': 500,
  // Of groups by the protocol of KIP-848, whose members cannot say it themselves.
  'group.consumer.session.timeout.ms': 6_000,
  'group.consumer.min.session.timeout.ms': 500,
  'group.consumer.heartbeat.interval.ms': 500,
  'group.consumer.min.heartbeat.interval.ms': 100,
}
