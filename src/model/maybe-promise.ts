/** Nothing, or a promise of it where a store had to be read: callers await only promises. */
export type MaybePromise<T = void> = T | Promise<T>
