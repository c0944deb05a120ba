import type { ConsumedRecord } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { LiveNode } from '../nodes/live-node.ts'
import type { SourceNode } from '../nodes/source-node.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { ProcessingGraph, ReadAhead } from '../processing/processing-graph.ts'

const NOTHING: readonly ReadAhead[] = Object.freeze([])

/** The live nodes of one sub-topology in one task. */
export class LiveGraph implements ProcessingGraph {
  /** Parents before children. */
  readonly #nodes: readonly LiveNode[]
  readonly #sources: ReadonlyMap<string, SourceNode>
  readonly #readAheads: ReadonlyMap<string, readonly ReadAhead[]>

  constructor(
    nodes: readonly LiveNode[],
    sources: ReadonlyMap<string, SourceNode>,
    readAheads: ReadonlyMap<string, readonly ReadAhead[]>,
  ) {
    this.#nodes = nodes
    this.#sources = sources
    this.#readAheads = readAheads
  }

  init(): MaybePromise {
    return this.#eachNode((node) => node.init())
  }

  decode(topic: string, record: ConsumedRecord): StreamRecord {
    return this.#source(topic).decode(topic, record)
  }

  keyBytes(topic: string, key: Uint8Array): Uint8Array {
    return this.#source(topic).keyBytes(key)
  }

  process(topic: string, record: StreamRecord): MaybePromise {
    return this.#source(topic).take(topic, record)
  }

  readAhead(topic: string): readonly ReadAhead[] {
    return this.#readAheads.get(topic) ?? NOTHING
  }

  advance(streamTime: number): MaybePromise {
    return this.#eachNode((node) => node.advance(streamTime))
  }

  settle(): MaybePromise {
    return this.#eachNode((node) => node.settle())
  }

  flush(): MaybePromise {
    return this.#eachNode((node) => node.flush())
  }

  close(): void {
    const failures: unknown[] = []
    for (const node of this.#nodes) {
      try {
        node.close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  /** Parents first, one after the other. */
  #eachNode(call: (node: LiveNode) => MaybePromise, from = 0): MaybePromise {
    for (let next = from; next < this.#nodes.length;) {
      const pending = call(this.#nodes[next++]!)
      if (pending !== undefined) return this.#eachNodeAfter(pending, call, next)
    }
    return undefined
  }

  async #eachNodeAfter(
    pending: Promise<void>,
    call: (node: LiveNode) => MaybePromise,
    from: number,
  ): Promise<void> {
    await pending
    await this.#eachNode(call, from)
  }

  #source(topic: string): SourceNode {
    const source = this.#sources.get(topic)
    if (source === undefined)
      throw new TypeError(`topic ${topic} is no source of this sub-topology`)
    return source
  }
}
