import { missingSecretsReason, type WorkflowEvent } from '../domain/calls/workflow-event'
import { ActionError } from '../domain/errors/action-error'
import { inputMissing } from '../domain/errors/input-errors'
import { type KeySource, parseKeySources } from '../domain/keys/key-source'
import type { Repair } from '../domain/keys/pem'
import type { InputReader } from './reader'

export interface KeyInputs {
  readonly keys: readonly KeySource[]
  readonly repairs: readonly Repair[]
  /** As given, without the trailing line feed: one password for all keys, or one a line. */
  readonly password: string
}

/** The name of the input that holds the keys. */
export const KEY_INPUT = 'key'

/**
 * Reads the keys of `sign` or `verify`. Throws an ActionError when there is none, which says so when the event
 * is one that gets no secrets.
 */
export function readKeyInputs(inputs: InputReader, event: WorkflowEvent): KeyInputs {
  const { sources, repairs } = parseKeySources(inputs.raw(KEY_INPUT), KEY_INPUT)
  if (sources.length === 0) throw missingKey(event)
  return { keys: sources, repairs, password: readKeyPassword(inputs) }
}

/** The input `key-password`; one trailing line feed is no part of it. */
export function readKeyPassword(inputs: InputReader): string {
  return inputs.raw('key-password').replace(/\r?\n$/, '')
}

/**
 * Everything of the key inputs that must not be seen, to be masked before anything else happens: passwords, and of the
 * input `key` what is or may be key text. Paths and URIs stay readable.
 */
export function keyInputSecrets(inputs: InputReader): string[] {
  const key = inputs.raw(KEY_INPUT)
  const blocks = key.match(/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g) ?? []
  const lines = key.split(/\r\n|\n|\r|\\n/).filter((line) => /^\s*[A-Za-z0-9+/=]{20,}\s*$/.test(line))
  const password = inputs.raw('key-password')
  return [...blocks, ...lines, password, password.replace(/\r?\n$/, '')].filter((text) => text !== '')
}

function missingKey(event: WorkflowEvent): ActionError {
  const reason = missingSecretsReason(event)
  if (reason === undefined) {
    return inputMissing('key', {
      what: 'The input "key" is empty.',
      why: 'A secret that does not exist in this repository or environment is empty text.',
      hint: 'Check the name of the secret, and that the job runs in the environment that holds it.',
    })
  }
  return new ActionError('secrets-not-available', {
    title: 'This workflow has no secrets',
    what: 'The input "key" is empty, because this run has no access to secrets.',
    why: reason,
    hint: 'Sign only in workflows of your own branches: if: github.event.pull_request.head.repo.full_name == github.repository',
  })
}
