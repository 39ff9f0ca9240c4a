import { isPublicRepository, type WorkflowEvent } from '../calls/workflow-event'
import type { ActionError } from '../errors/action-error'
import { inputsConflict } from '../errors/input-errors'

/** The public log of Sigstore, whose entries a web page shows: base64 of its key's id. */
export const PUBLIC_LOG_ID = 'wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0='

export interface LogChoice {
  readonly log: 'public' | 'none'
  /** The repository is not known to be public, and nobody chose: this is worth a notice. */
  readonly isGuess: boolean
  readonly notice: string
}

/** What of the inputs makes a log necessary. */
export interface LogNeeds {
  readonly hasOwnSigstore: boolean
  /** A keyless signature is proven by its log entry alone, since its certificate lives for minutes. */
  readonly isKeyless: boolean
}

/**
 * Where signatures are recorded. `auto`: in the log of a private Sigstore where one is given, in the public log for public
 * repositories, nowhere for all others. Without a key there is always an entry: what
 * it makes public has to be said then. Throws an ActionError also when a private Sigstore is given and not to be used.
 */
export function chooseLog(
  wanted: 'auto' | 'public' | 'none',
  event: WorkflowEvent,
  { hasOwnSigstore, isKeyless }: LogNeeds,
): LogChoice {
  if (wanted === 'none' && hasOwnSigstore) throw unusedSigstore('none')
  if (wanted === 'none' && isKeyless)
    throw keylessNeedsLog('"keyless: true" was given together with "transparency-log: none".')
  if (wanted !== 'auto') return { log: wanted, isGuess: false, notice: '' }
  if (hasOwnSigstore || isPublicRepository(event)) return { log: 'public', isGuess: false, notice: '' }
  if (isKeyless) throw wouldBePublic()
  return {
    log: 'none',
    isGuess: true,
    notice:
      'This repository is private or not known to be public, so the signature is kept out of the public log. Set the input "transparency-log" to none (or public) to choose.',
  }
}

/** Whether a signature must be in the log. `auto`: yes in public repositories and where the inputs need it, else no. */
export function requireLog(
  wanted: 'auto' | 'required' | 'ignore',
  event: WorkflowEvent,
  { hasOwnSigstore, isKeyless }: LogNeeds,
): 'required' | 'ignore' {
  if (wanted === 'ignore' && hasOwnSigstore) throw unusedSigstore('ignore')
  if (wanted === 'ignore' && isKeyless) {
    throw keylessNeedsLog('An identity was given together with "transparency-log: ignore".')
  }
  if (wanted !== 'auto') return wanted
  return hasOwnSigstore || isKeyless || isPublicRepository(event) ? 'required' : 'ignore'
}

function unusedSigstore(log: string): ActionError {
  return inputsConflict({
    what: `A private Sigstore was given together with "transparency-log: ${log}", which makes no use of it.`,
    hint: 'Leave out one of the two.',
  })
}

/** Names of workflow and repository are in the certificate, which everybody can read in the log. */
function wouldBePublic(): ActionError {
  return inputsConflict({
    what: '"keyless: true" was given in a repository that is private or not known to be public.',
    why: 'The certificate names repository, workflow and branch, and the public log shows it to everybody for ever.',
    hint: 'If that is what you want, say "transparency-log: public". Else use a private Sigstore, or sign with a key.',
  })
}

function keylessNeedsLog(what: string): ActionError {
  return inputsConflict({
    what,
    why: 'The certificate of a keyless signature is valid for minutes; only the log proves that it was used in them.',
    hint: 'Leave "transparency-log" at auto.',
  })
}
