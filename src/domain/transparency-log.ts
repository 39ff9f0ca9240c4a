import { isPublicRepository, type WorkflowEvent } from './workflow-event'

export interface LogChoice {
  readonly log: 'public' | 'none'
  /** The repository is not known to be public, and nobody chose: this is worth a notice. */
  readonly isGuess: boolean
  readonly notice: string
}

/** Where signatures are recorded. `auto`: in the public log for public repositories, nowhere for all others. */
export function chooseLog(wanted: 'auto' | 'public' | 'none', event: WorkflowEvent): LogChoice {
  if (wanted !== 'auto') return { log: wanted, isGuess: false, notice: '' }
  if (isPublicRepository(event)) return { log: 'public', isGuess: false, notice: '' }
  return {
    log: 'none',
    isGuess: true,
    notice:
      'This repository is private or not known to be public, so the signature is kept out of the public log. Set the input "transparency-log" to none (or public) to choose.',
  }
}

/** Whether a signature must be in the log. `auto`: yes in public repositories, no in all others. */
export function requireLog(wanted: 'auto' | 'required' | 'ignore', event: WorkflowEvent): 'required' | 'ignore' {
  if (wanted !== 'auto') return wanted
  return isPublicRepository(event) ? 'required' : 'ignore'
}
