/** A time that a node or store keeps with its task's state: it survives a restart, and is forgotten with a unit that is. */
export interface KeptTime {
  /** Milliseconds; −1 until it is set. */
  value: number
}
