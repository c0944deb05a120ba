import { ConsumerFailedError, InstanceFencedError } from '../../errors/kafka-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import type { GroupConsumerOptions } from '../group-consumer.ts'
import { CODE, codeOf, reasonOf } from './broker-error.ts'

/** Why a member is none any more, in the words of the port. */
export function memberFailure(
  { groupId, groupInstanceId }: GroupConsumerOptions,
  error: unknown,
): StreamsError {
  if (StreamsError.is(error)) return error
  if (codeOf(error) === CODE.FENCED_INSTANCE_ID)
    return new InstanceFencedError(groupId, groupInstanceId!, { cause: error })
  return new ConsumerFailedError(groupId, reasonOf(error), { cause: error })
}
