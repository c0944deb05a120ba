/** A pipe of a {@link MinimumCostFlow}; what may flow back through it is the pipe `reverse`. */
interface Pipe {
  readonly from: number
  readonly to: number
  readonly cost: number
  readonly reverse: number
  room: number
}

/**
 * As much flow as fits from one node to another, and of all such flows one of the least cost: successive cheapest paths, found
 * by Bellman and Ford's method. The pipes' order decides between equals, so equal networks have equal flows.
 */
export class MinimumCostFlow {
  readonly #pipes: Pipe[] = []
  readonly #nodes: number

  /** @param nodes How many nodes there are; they are numbered from 0. */
  constructor(nodes: number) {
    this.#nodes = nodes
  }

  /** Adds a pipe, and answers its number. */
  add(from: number, to: number, room: number, cost = 0): number {
    const number = this.#pipes.length
    this.#pipes.push({ from, to, room, cost, reverse: number + 1 })
    this.#pipes.push({ from: to, to: from, room: 0, cost: -cost, reverse: number })
    return number
  }

  /** Lets flow what can. */
  run(source: number, sink: number): void {
    for (;;) {
      const path = this.#cheapestPath(source, sink)
      if (!path) return
      const amount = Math.min(...path.map((number) => this.#pipes[number]!.room))
      for (const number of path) this.#push(number, amount)
    }
  }

  /** What flows through a pipe. */
  flowOf(number: number): number {
    return this.#pipes[number + 1]!.room
  }

  #push(number: number, amount: number): void {
    const pipe = this.#pipes[number]!
    pipe.room -= amount
    this.#pipes[pipe.reverse]!.room += amount
  }

  #cheapestPath(source: number, sink: number): number[] | undefined {
    const arrivals = this.#arrivals(source)
    if (arrivals[sink] === undefined) return undefined
    const path: number[] = []
    for (let node = sink; node !== source; node = this.#pipes[path.at(-1)!]!.from)
      path.push(arrivals[node]!)
    return path
  }

  /** The last pipe of the cheapest way to each node. */
  #arrivals(source: number): number[] {
    const costs = Array.from({ length: this.#nodes }, (_, node) => (node === source ? 0 : Infinity))
    const arrivals: number[] = []
    for (let hasChanged = true; hasChanged;) {
      hasChanged = false
      for (const [number, { from, to, cost, room }] of this.#pipes.entries()) {
        if (room === 0 || costs[from]! + cost >= costs[to]!) continue
        costs[to] = costs[from]! + cost
        arrivals[to] = number
        hasChanged = true
      }
    }
    return arrivals
  }
}
