import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Creates a temporary folder for one server.
 *
 * @param {string} name
 * @param {{ uid?: number | undefined, gid?: number | undefined }} [owner]
 */
export function createServerFolder(name, { uid, gid } = {}) {
  const folder = mkdtempSync(join(tmpdir(), `rowstream-${name}-`))
  // A server that runs as another user has to pass through it.
  chmodSync(folder, 0o755)
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  return folder
}

/** @param {string} folder */
export function removeServerFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}
