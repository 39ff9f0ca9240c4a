import * as v from 'valibot'
import type { ActionError } from '../domain/errors/action-error'
import { inputInvalid } from '../domain/errors/input-errors'
import { type LoginScope, scopeOfKey } from '../domain/image/registry-host'
import { describeEntry, parseYamlInput, word } from './yaml-list'

/** Credentials for a registry host or, with a path, for the repositories below it. */
export interface RegistryLogin extends LoginScope {
  readonly username: string
  readonly password: string
}

const entry = v.strictObject({ registry: word, username: word, password: word })

/**
 * Reads the input `registry-auth`: a YAML list of registry, username and password.
 * Throws an ActionError (`input-invalid`) that names entry and field, never a value.
 */
export function parseRegistryAuth(text: string): RegistryLogin[] {
  if (text.trim() === '') return []
  const list = parse(text)
  if (!Array.isArray(list)) throw invalid('it is not a list')
  return list.map((item, index) => {
    const result = v.safeParse(entry, item)
    if (!result.success) throw invalid(`entry ${index + 1} ${describeEntry(result.issues[0])}`)
    const { username, password } = result.output
    const scope = scopeOfKey(result.output.registry)
    if (!/^[A-Za-z0-9.:[\]-]+$/.test(scope.host) || !/^[A-Za-z0-9._/-]*$/.test(scope.path))
      throw invalid(`entry ${index + 1} has a registry that is not a host name`)
    return { ...scope, username, password }
  })
}

/** The cause is left out: it may show a part of the text. */
function parse(text: string): unknown {
  try {
    return parseYamlInput('registry-auth', text)
  } catch {
    throw invalid('it is not YAML')
  }
}

function invalid(why: string): ActionError {
  return inputInvalid('registry-auth', {
    what: `The input "registry-auth" cannot be used: ${why}.`,
    hint: 'Write a YAML list:\n- registry: ghcr.io\n  username: name\n  password: THE_SECRET',
  })
}
