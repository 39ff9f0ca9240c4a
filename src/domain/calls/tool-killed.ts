import { ActionError } from '../errors/action-error'
import type { ProcessResult } from './process-result'

/** SIGKILL as a shell, sudo and Go report it. */
const KILLED = 137
/** With this code and without an error of its own nerdctl ends when a signal has ended the cosign below it. */
const SIGNALLED_BELOW = 255
const OWN_ERROR = /level=(error|fatal)|^Error/m

/**
 * The error for a tool, or a tool below it, that was killed from outside; undefined where it ended in another way.
 * @param call how the call is named, e.g. `cosign sign IMAGE`
 */
export function killedFromOutside(
  call: string,
  { exitCode, signal }: Pick<ProcessResult, 'exitCode' | 'signal'>,
  stderr: string,
): ActionError | undefined {
  const isBelow = exitCode === SIGNALLED_BELOW && !OWN_ERROR.test(stderr)
  const isKilled = signal === 'SIGKILL' || exitCode === KILLED || isBelow
  if (!isKilled) return undefined
  return new ActionError('tool-killed', {
    title: 'A tool was killed',
    what: `${call}, or a program that it had started, was killed by something other than this action.`,
    why: 'The system does so when the memory runs out.',
    hint: 'Look at the memory of the runner, and at the system log (dmesg) of a runner of your own. Run the job again: it completes what is missing.',
  })
}
