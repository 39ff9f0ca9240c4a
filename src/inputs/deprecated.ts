/**
 * Inputs that still work and go with the next major version. GitHub's runner shows their `deprecationMessage` of the
 * action file by itself; other runners do not read it, so there the step says the same.
 */
import type { InputReader } from './reader'

/** What to do about a deprecated input: the text of its `deprecationMessage`. */
export interface Deprecation {
  readonly input: string
  /** Its default: what the step sees where it is not used. */
  readonly standard: string
  readonly message: string
}

/** There are none now. An entry here has a `deprecationMessage` in each action file that declares the input; a test compares them. */
export const DEPRECATED: readonly Deprecation[] = []

/** The deprecated inputs that are used, where the runner itself does not tell. */
export function untoldDeprecations(
  inputs: InputReader,
  environment: NodeJS.ProcessEnv,
  deprecated: readonly Deprecation[] = DEPRECATED,
): { readonly title: string; readonly message: string }[] {
  const isSilent = ['GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'ACT'].some((name) => environment[name])
  if (!isSilent) return []
  const used = deprecated.filter(({ input, standard }) => ![standard, ''].includes(inputs.text(input)))
  return used.map(({ input, message }) => ({ title: `Input "${input}" is deprecated`, message }))
}
