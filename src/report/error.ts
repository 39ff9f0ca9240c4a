/**
 * The one place where an error becomes an annotation.
 */
import { ActionError, causeChain } from '../domain/errors/action-error'
import type { Annotation, Workflow } from './workflow'

/** What the runner shows of one message. */
const MESSAGE_LIMIT = 4000

/** Title and message of any error: what happened, why, what to do, and the causes below. Redacted before it is cut, so that no half of a secret stays. */
export function describeError(error: unknown, redact: (text: string) => string = (text) => text): Annotation {
  if (!(error instanceof ActionError)) {
    const [message = 'unknown'] = causeChain(error)
    return {
      title: 'An error inside of this action',
      message: `${message}\nThis should not happen. Please report it with the debug log (re-run with debug logging).`,
    }
  }
  const causes = causeChain(error.cause).map((message) => `Cause: ${message}`)
  const message = [error.message, error.why, error.hint, ...causes].filter((part) => part !== '').join('\n')
  return { title: error.title, message: redact(message).slice(0, MESSAGE_LIMIT) }
}

/** Writes one error annotation; the stack of an error that is not the user's goes to the debug log only. */
export function reportError(workflow: Workflow, error: unknown, redact: (text: string) => string): void {
  const { title, message } = describeError(error, redact)
  workflow.error({ title, message: redact(message) })
  if (!(error instanceof ActionError) && error instanceof Error) workflow.debug(redact(error.stack ?? ''))
}
