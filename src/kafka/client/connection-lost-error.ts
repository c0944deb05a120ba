/**
 * Nobody can say if the broker saw the request: the connection could not be made, was lost, or gave no answer in time. Adapters
 * translate their libraries' errors of this kind.
 */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
}
