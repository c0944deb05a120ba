/** A server did what no client can stand: the run says nothing, and is made again. */
export class VoidRunError extends Error {
  /** @override */
  name = 'VoidRunError'
}
