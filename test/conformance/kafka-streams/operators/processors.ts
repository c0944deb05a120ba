import { processorOf } from '../functions/processors.ts'
import type { OperatorBuilder } from '../building.ts'

export const PROCESSORS: Readonly<Record<string, OperatorBuilder>> = {
  process: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    const { processor, stores, type: to } = processorOf(node, building, type)
    return { kind: 'stream', stream: stream.process(processor, { stores }), type: to }
  },

  processValues: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    const { processor, stores, type: to } = processorOf(node, building, type)
    return { kind: 'stream', stream: stream.processValues(processor, { stores }), type: to }
  },
}
