import { describe } from '../domain/keys/key-algorithm'
import type { PublicKey } from '../domain/keys/public-key'
import { code } from './markdown'

/** A key as summaries name it, in Markdown: by the file, variable or KMS it came from, else by its algorithm. */
export function keyName({ name, algorithm }: PublicKey): string {
  return name === undefined ? describe(algorithm) : code(name)
}
