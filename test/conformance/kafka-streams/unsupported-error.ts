/** A scenario asks for what rowstream does not have. */
export class UnsupportedError extends TypeError {}
