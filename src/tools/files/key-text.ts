/**
 * The text of keys that an input only names: files and environment variables.
 */
import { readFile, stat } from 'node:fs/promises'
import * as v from 'valibot'
import { ActionError } from '../../domain/errors/action-error'
import { tooLarge } from '../../domain/errors/key-errors'
import { decodeKeyBytes, LARGEST_KEY_TEXT } from '../../domain/keys/key-bytes'
import { describeKeySource, type KeySource } from '../../domain/keys/key-source'
import { extractPem, type PemBlock } from '../../domain/keys/pem'

/** A key whose text can be read, unlike one that never leaves its KMS. */
export type TextKeySource = Exclude<KeySource, { kind: 'kms' }>

/**
 * The PEM block that a source stands for. Throws an ActionError `key-unreadable` that names `input`.
 * @param onText called with the text of a file or variable before it is looked at, so that it can be masked
 */
export async function readKeyBlock(
  source: TextKeySource,
  input: string,
  environment: NodeJS.ProcessEnv,
  onText: (text: string) => void,
): Promise<PemBlock> {
  if (source.kind === 'pem') return source.pem
  const isMissing = (why: string, cause?: unknown): ActionError => {
    return unreadable(describeKeySource(source, input), input, why, cause)
  }
  const text = source.kind === 'env' ? environment[source.name] : await readKeyFile(source.path, input, isMissing)
  if (text === undefined || text.trim() === '') throw isMissing('It is not set, or empty.')
  onText(text)
  const name = describeKeySource(source, input, true)
  const [block, ...more] = extractPem(text, input).items
  if (block === undefined || typeof block === 'string') throw unreadable(name, input, 'It holds no PEM text.')
  if (more.length > 0) throw unreadable(name, input, 'It holds more than one key.')
  return block
}

const systemError = v.object({ code: v.string() })

/** What `path` may hold is limited, so that neither a large file nor a device fills the memory. */
async function readKeyFile(
  path: string,
  input: string,
  isMissing: (why: string, cause?: unknown) => ActionError,
): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > LARGEST_KEY_TEXT) throw tooLarge(input, LARGEST_KEY_TEXT)
    return decodeKeyBytes(await readFile(path))
  } catch (cause) {
    if (cause instanceof ActionError) throw cause
    // The message of the system repeats the path, which may be anything.
    throw isMissing('The file cannot be read.', new Error(v.is(systemError, cause) ? cause.code : 'unknown'))
  }
}

function unreadable(name: string, input: string, why: string, cause?: unknown): ActionError {
  return new ActionError(
    'key-unreadable',
    {
      title: 'The key cannot be read',
      what: `The input "${input}" names ${name}, and no key can be read there.`,
      why,
      hint: 'Check the name; relative paths start at the folder that the job runs in. For env:// set the variable in the env of this step.',
    },
    { cause },
  )
}
