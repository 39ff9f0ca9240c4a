import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Beside the session, since later steps of the job read it; a bundle is public. */
const FOLDER = 'finch-signatures'

/**
 * Writes a signature's bundle where the rest of the job can read it and returns the path, which is the same on each run.
 * @param digest of the image
 */
export function saveBundle(
  temporary: string,
  digest: string,
  signature: { readonly bundle: string; readonly keyFingerprint: string },
): string {
  const folder = join(temporary, FOLDER)
  mkdirSync(folder, { recursive: true })
  const name = `${digest.replace(':', '-')}-${signature.keyFingerprint.slice(0, 16)}.sigstore.json`
  const path = join(folder, name)
  writeFileSync(path, signature.bundle)
  return path
}
