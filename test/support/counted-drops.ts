import { metrics, type Attributes, type Meter } from '@opentelemetry/api'

const DROPPED = 'rowstream.records.dropped'

/** One count of a dropped record. */
export interface CountedDrop {
  readonly value: number
  readonly attributes: Attributes
}

/**
 * What the instruments of this process count as dropped, as an OpenTelemetry SDK would hear it. To be called before the
 * application is made.
 */
export function countDrops(): CountedDrop[] {
  const drops: CountedDrop[] = []
  const counterOf = (name: string) => ({
    add: (value: number, attributes: Attributes = {}) => {
      if (name === DROPPED) drops.push({ value, attributes })
    },
  })
  const meter = {
    createCounter: counterOf,
    createHistogram: () => ({ record: () => undefined }),
    createGauge: () => ({ record: () => undefined }),
    createObservableGauge: () => ({
      addCallback: () => undefined,
      removeCallback: () => undefined,
    }),
  }
  metrics.disable()
  metrics.setGlobalMeterProvider({ getMeter: () => meter as unknown as Meter })
  return drops
}
