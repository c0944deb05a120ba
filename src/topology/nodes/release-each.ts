import type { MaybePromise } from '../../model/maybe-promise.ts'

/** What waits in a buffer, and how it leaves. */
export interface Release<Entry> {
  /** What leaves next; nothing where nothing is due. */
  next(): Entry | undefined
  tell(entry: Entry): MaybePromise
  forget(entry: Entry): void
}

/** Tells one after the other what is due. An entry is forgotten once it was told. */
export function releaseEach<Entry>(release: Release<Entry>): MaybePromise {
  for (let next = release.next(); next !== undefined; next = release.next()) {
    const entry = next
    const pending = release.tell(entry)
    if (pending !== undefined)
      return pending.then(() => {
        release.forget(entry)
        return releaseEach(release)
      })
    release.forget(entry)
  }
  return undefined
}
