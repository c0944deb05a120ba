/** Heard from the first moment on: a signal that comes while the service still loads ends it in order, too. */
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
})
// What is imported by name is loaded before the first line of a module runs.
const { runService } = await import('./service.ts')

runService(process.env, stopped).then(
  () => process.exit(0),
  (error: unknown) => {
    const { message, code } = error as { message: string; code?: string }
    process.stderr.write(`wordcount: ${code ? `${code}: ` : ''}${message}\n`)
    process.exit(1)
  },
)

export {}
