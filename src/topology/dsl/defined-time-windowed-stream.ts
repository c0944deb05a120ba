import type { Windowed } from '../../model/windowed.ts'
import { TopologyError } from '../../errors/topology-error.ts'
import { UnlimitedWindows } from '../windows/unlimited-windows.ts'
import type { WindowsByTime } from './define-windowed-aggregate.ts'
import { isOnClose } from './is-on-close.ts'
import { DefinedWindowedStream } from './defined-windowed-stream.ts'
import type { EmitStrategy, KTable, TimeWindowedKStream, WindowedAggregateOptions } from './dsl.ts'

/** A group in time windows of the topology that is being defined. */
export class DefinedTimeWindowedStream
  extends DefinedWindowedStream<WindowsByTime>
  implements TimeWindowedKStream<unknown, unknown, unknown>
{
  emitStrategy(strategy: EmitStrategy): TimeWindowedKStream<unknown, unknown, unknown> {
    const emitsOnClose = isOnClose(strategy)
    if (emitsOnClose && this.state.windows instanceof UnlimitedWindows)
      throw new TopologyError('unlimited windows never close: they are emitted on update')
    return new DefinedTimeWindowedStream(this.dsl, { ...this.state, emitsOnClose })
  }

  aggregate<A>(
    options: WindowedAggregateOptions<A> & {
      readonly add: (key: unknown, value: unknown, aggregate: A) => A | null | undefined
    },
  ): KTable<Windowed<unknown>, A> {
    return this.aggregateBy(options, undefined)
  }
}
