import { ActionError } from '../errors/action-error'
import { inputsConflict } from '../errors/input-errors'
import type { PemBlock } from './pem'
import { isEncrypted } from './private-key'

/**
 * The password of each key, in the keys' order; empty text for keys that have none. One line serves every encrypted
 * key; of several lines the n-th is for the n-th encrypted key. Throws an ActionError when their number does not match.
 */
export function assignPasswords(blocks: readonly PemBlock[], passwords: string): string[] {
  const lines = passwords.split(/\r\n|\n/)
  const encrypted = blocks.filter(isEncrypted).length
  if (lines.length === 1) return blocks.map((block) => (isEncrypted(block) ? passwords : ''))
  if (lines.length !== encrypted) throw mismatch(lines.length, encrypted)
  const remaining = [...lines]
  return blocks.map((block) => (isEncrypted(block) ? (remaining.shift() ?? '') : ''))
}

/** Throws an ActionError for a password that no key needs: with it, or with the key, something is wrong. */
export function refuseUnneededPassword(blocks: readonly PemBlock[], passwords: string): void {
  if (passwords === '' || blocks.some(isEncrypted)) return
  throw inputsConflict({
    what: 'The input "key-password" was given, and none of the keys is encrypted.',
    why: 'It may belong to another key, or the wrong key was given.',
    hint: 'Leave out "key-password", or give the encrypted key that it belongs to.',
  })
}

function mismatch(lines: number, keys: number): ActionError {
  return new ActionError('input-invalid', {
    title: 'The number of passwords does not match the keys',
    what: `The input "key-password" has ${lines} lines, and ${keys} of the keys ${keys === 1 ? 'is' : 'are'} encrypted.`,
    why: 'One line serves every key; several lines are one for each encrypted key, in the order of the keys.',
    hint: 'Give one line, or as many as there are encrypted keys.',
  })
}
