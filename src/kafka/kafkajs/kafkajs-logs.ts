import kafkajs, { type KafkaConfig } from 'kafkajs'
import type { Logger } from '../../telemetry/logger.ts'

/**
 * Where kafkajs logs unless the user's configuration says otherwise: warnings to our logger, errors as `debug`, because
 * kafkajs writes an ERROR line for each connection that fails, also those that are tried again a millisecond later; the
 * failures that last are reported by who tried. Refused requests it throws as well: those lines are left out.
 */
export function kafkaJsLogs(
  logger: Logger,
): Required<Pick<KafkaConfig, 'logLevel' | 'logCreator'>> {
  const { ERROR, WARN } = kafkajs.logLevel
  return {
    logLevel: WARN,
    logCreator: () => {
      return ({ namespace, level, log }) => {
        const { message, timestamp: _timestamp, logger: _logger, ...fields } = log
        if (level === WARN) logger.warn(`kafkajs: ${message}`, { namespace, ...fields })
        else if (level === ERROR && !message.startsWith('Response '))
          logger.debug(`kafkajs: ${message}`, { namespace, ...fields })
      }
    },
  }
}
