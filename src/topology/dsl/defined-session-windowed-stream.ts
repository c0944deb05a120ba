import type { Windowed } from '../../model/windowed.ts'
import type { SessionMerger } from '../nodes/session-aggregate-node.ts'
import type { SessionWindows } from '../windows/session-windows.ts'
import { checkFunction } from './check-function.ts'
import { isOnClose } from './is-on-close.ts'
import { DefinedWindowedStream } from './defined-windowed-stream.ts'
import type {
  EmitStrategy,
  KTable,
  SessionWindowedKStream,
  WindowedAggregateOptions,
} from './dsl.ts'

/** A group in sessions of the topology that is being defined. */
export class DefinedSessionWindowedStream
  extends DefinedWindowedStream<SessionWindows>
  implements SessionWindowedKStream<unknown, unknown, unknown>
{
  emitStrategy(strategy: EmitStrategy): SessionWindowedKStream<unknown, unknown, unknown> {
    const emitsOnClose = isOnClose(strategy)
    return new DefinedSessionWindowedStream(this.dsl, { ...this.state, emitsOnClose })
  }

  aggregate<A>(
    options: WindowedAggregateOptions<A> & {
      readonly add: (key: unknown, value: unknown, aggregate: A) => A | null | undefined
      readonly merge: (key: unknown, earlier: A, later: A) => A | null | undefined
    },
  ): KTable<Windowed<unknown>, A | null> {
    checkFunction(options.merge, 'the merge of aggregate')
    return this.aggregateBy(options, options.merge as SessionMerger)
  }
}
