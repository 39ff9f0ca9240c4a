import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Beside the session, which ends with the action: what lies here is public, and later steps of the job read it. */
const FOLDERS = { signatures: 'finch-signatures', reports: 'finch-reports' }

/** Writes a file that the rest of the job can read, and returns its path: the same for the same name. */
export function saveForJob(
  temporary: string,
  name: string,
  text: string,
  kind: keyof typeof FOLDERS = 'signatures',
): string {
  const folder = join(temporary, FOLDERS[kind])
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** The name of the file for a signature's bundle. */
export function bundleName(digest: string, keyFingerprint: string): string {
  return `${digest.replace(':', '-')}-${keyFingerprint.slice(0, 16)}.sigstore.json`
}
