/** The highest time that was put into a store. */
export function observedTimeOf(store: string): string {
  return `observed by ${store}`
}

/** Up to which a store's rows were emitted. */
export function emittedTimeOf(store: string): string {
  return `emitted of ${store}`
}

/** What time it is for a store or a node. */
export function streamTimeOf(name: string): string {
  return `stream time of ${name}`
}

/** Of the oldest record that waits for a partner in a join; −1 where none does. */
export function waitingTimeOf(join: string): string {
  return `${join}-waiting`
}

/** The highest time of the partition of a topic. */
export function partitionTimeOf(topic: string): string {
  return `partition time of ${topic}`
}

/** When a schedule of a node is due next; they are numbered in the order in which their node makes them. */
export function scheduleTimeOf(node: string, index: number): string {
  return `schedule ${index} of ${node}`
}

export function isScheduleTime(name: string): boolean {
  return SCHEDULE.test(name)
}

const SCHEDULE = /^schedule \d+ of (.*)$/s

/**
 * Whether a time may belong to these nodes and stores. Times of partitions always may: the topics that are read are compared
 * elsewhere.
 */
export function isKeptBy(nodes: ReadonlySet<string>, stores: ReadonlySet<string>) {
  const named = new Set([
    ...[...stores].flatMap((store) => [observedTimeOf(store), emittedTimeOf(store)]),
    ...[...nodes, ...stores].map(streamTimeOf),
    // A node that has but one time gives it its own name.
    ...[...nodes].flatMap((node) => [node, waitingTimeOf(node)]),
  ])
  return (time: string): boolean => {
    const scheduling = SCHEDULE.exec(time)?.[1]
    if (named.has(time) || time.startsWith(partitionTimeOf(''))) return true
    return scheduling !== undefined && nodes.has(scheduling)
  }
}
