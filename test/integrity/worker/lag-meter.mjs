import { metrics } from '@opentelemetry/api'

/** @typedef {import('@opentelemetry/api').ObservableCallback} ObservableCallback */

/** The name of the instrument. */
const LAG = 'rowstream.records.lag'

/** What the instruments of this process say of lag, as an OpenTelemetry SDK would hear it. To be made before the application is. */
export class LagMeter {
  /** @type {Set<ObservableCallback>} */
  #callbacks = new Set()

  constructor() {
    const instrument = { add: () => undefined, record: () => undefined }
    const meter = {
      createCounter: () => instrument,
      createHistogram: () => instrument,
      createObservableGauge: (/** @type {string} */ name) => ({
        addCallback: (/** @type {ObservableCallback} */ callback) => {
          if (name === LAG) this.#callbacks.add(callback)
        },
        removeCallback: (/** @type {ObservableCallback} */ callback) =>
          this.#callbacks.delete(callback),
      }),
    }
    metrics.setGlobalMeterProvider({
      getMeter: () =>
        /** @type {import('@opentelemetry/api').Meter} */ (/** @type {unknown} */ (meter)),
    })
  }

  /** How many instances would be asked. */
  get asked() {
    return this.#callbacks.size
  }

  /** Records of all partitions that wait. */
  read() {
    let sum = 0
    for (const callback of this.#callbacks)
      void callback({ observe: (/** @type {number} */ value) => void (sum += value) })
    return sum
  }
}
