/** A scenario that nobody can run: it is malformed, or names what is not there. */
export class SpecError extends TypeError {}
