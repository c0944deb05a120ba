/** What Node 20 has and the compiler's es2023 library does not know yet. */
interface StringWithWellFormed {
  isWellFormed(): boolean
}

/** Whether a text is free of lone surrogates, which UTF-8 cannot hold. */
export function isWellFormed(text: string): boolean {
  return (text as unknown as StringWithWellFormed).isWellFormed()
}
