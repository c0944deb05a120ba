import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules')

/** Enough to watch for a while. */
const TEXT_BYTES = 8_000_000

/**
 * Lines of the README and licence files of the installed packages, several megabytes of them, in a fixed order.
 *
 * @returns {string[]}
 */
export function readText() {
  const lines = []
  let bytes = 0
  for (const file of packages().flatMap(readableFiles)) {
    if (bytes >= TEXT_BYTES) break
    const text = readFileSync(file, 'utf8')
    bytes += text.length
    lines.push(...text.split('\n').filter((line) => line.trim() !== ''))
  }
  return lines
}

function packages() {
  const names = readdirSync(modules).toSorted()
  return names.flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(modules, name))
          .toSorted()
          .map((scoped) => join(name, scoped))
      : [name],
  )
}

/** @param {string} name */
function readableFiles(name) {
  const folder = join(modules, name)
  if (!existsSync(join(folder, 'package.json'))) return []
  const files = readdirSync(folder).toSorted()
  return files
    .filter((file) => /^(readme|license|licence|changelog|history).*(\.md|\.txt)?$/i.test(file))
    .filter((file) => /\.(md|txt)$|^[^.]+$/.test(file))
    .map((file) => join(folder, file))
}
