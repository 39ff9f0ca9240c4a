import * as v from 'valibot'
import { LineCounter, parseDocument } from 'yaml'
import type { ActionError } from '../domain/errors/action-error'
import { inputInvalid } from '../domain/errors/input-errors'
import { readTokens } from '../domain/files/yaml-tokens'
import { type LoginScope, scopeOfKey } from '../domain/image/registry-host'

/** Credentials for a registry host or, with a path, for the repositories below it. */
export interface RegistryLogin extends LoginScope {
  readonly username: string
  readonly password: string
}

const word = v.pipe(v.string(), v.nonEmpty())
const entry = v.strictObject({ registry: word, username: word, password: word })

/**
 * Reads the input `registry-auth`: a YAML list of registry, username and password.
 * Throws an ActionError (`input-invalid`) that names entry and field, never a value.
 */
export function parseRegistryAuth(text: string): RegistryLogin[] {
  if (text.trim() === '') return []
  const list = parseYaml(text)
  if (!Array.isArray(list)) throw invalid('it is not a list')
  return list.map((item, index) => {
    const result = v.safeParse(entry, item)
    if (!result.success) throw invalid(`entry ${index + 1} ${describe(result.issues[0])}`)
    const { username, password } = result.output
    const scope = scopeOfKey(result.output.registry)
    if (!/^[A-Za-z0-9.:[\]-]+$/.test(scope.host) || !/^[A-Za-z0-9._/-]*$/.test(scope.path))
      throw invalid(`entry ${index + 1} has a registry that is not a host name`)
    return { ...scope, username, password }
  })
}

function parseYaml(text: string): unknown {
  // Everything is text, so that a password such as 0123 stays what it is. A warning would show a part of the text.
  if (!isReadable(text)) throw invalid('it is not YAML')
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' })
  if (document.errors.length > 0 || document.warnings.length > 0) throw invalid('it is not YAML')
  try {
    return document.toJS()
  } catch {
    throw invalid('it is not YAML')
  }
}

function isReadable(text: string): boolean {
  try {
    return readTokens('registry-auth', text, new LineCounter()) !== undefined
  } catch {
    return false
  }
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue)
  if (field === null) return 'is not a mapping'
  if (issue.expected === 'never') return `has a field "${field}" that is not known`
  return `has no valid "${field}"`
}

function invalid(why: string): ActionError {
  return inputInvalid('registry-auth', {
    what: `The input "registry-auth" cannot be used: ${why}.`,
    hint: 'Write a YAML list:\n- registry: ghcr.io\n  username: name\n  password: THE_SECRET',
  })
}
