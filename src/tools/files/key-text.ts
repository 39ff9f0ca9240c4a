/**
 * The text of keys that an input only names: files and environment variables.
 */
import { readFile } from 'node:fs/promises'
import { ActionError } from '../../domain/errors/action-error'
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
  const name = describeKeySource(source, input)
  const text = source.kind === 'env' ? environment[source.name] : await readKeyFile(source.path, input)
  if (text === undefined || text.trim() === '') throw unreadable(name, input, 'It is not set, or empty.')
  onText(text)
  const [block, ...more] = extractPem(text, input).items
  if (block === undefined || typeof block === 'string') throw unreadable(name, input, 'It holds no PEM text.')
  if (more.length > 0) throw unreadable(name, input, 'It holds more than one key.')
  return block
}

async function readKeyFile(path: string, input: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw unreadable(`the file ${path}`, input, 'The file cannot be read.', cause)
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
