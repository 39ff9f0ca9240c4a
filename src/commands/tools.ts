/**
 * The tools that an earlier step has found, ready to be called by this one.
 */
import { ActionError } from '../domain/action-error'
import { type Connection, connect } from '../tools/connection'
import { type Cosign, cosignCommand, EMPTY_TRUSTED_ROOT } from '../tools/cosign'
import { type Finch, finchCommand, finchNeedsSudo } from '../tools/finch'
import type { RegistryClient } from '../tools/registry'
import type { Session } from '../tools/session'
import type { Step } from './step'

export interface Tools {
  readonly finch: Finch
  readonly cosign: Cosign
  readonly registry: RegistryClient
  close(): Promise<void>
}

/** @param timeLimit milliseconds for each tool call */
export function openTools(step: Step, session: Session, timeLimit: number): Tools {
  const { tools } = session.state
  if (tools === undefined) throw new ActionError('session-missing', noTools)
  const { run, secrets, environment, workflow, cancelled } = step
  const { dockerConfig, tufRoot, emptyTrustedRoot } = session
  session.write('trusted-root.json', EMPTY_TRUSTED_ROOT)
  const debug = (message: string): void => workflow.debug(message)
  const connection: Connection = connect({ dockerConfig, environment, secrets, debug, cancelled })
  const onLine = (line: string): void => workflow.toolLine(secrets.redact(line))
  const shared = { run, secrets, jobEnvironment: environment, dockerConfig, tufRoot, timeLimit, onLine }
  return {
    finch: finchCommand({ ...shared, path: tools.finch.path, needsSudo: finchNeedsSudo() }),
    cosign: cosignCommand({ ...shared, path: tools.cosign.path, emptyTrustedRoot, schemeFor: connection.schemeFor }),
    registry: connection.registry,
    close: () => connection.close(),
  }
}

const noTools = {
  title: 'An earlier step has left nothing behind',
  what: 'The step "Install tools" has not said where Finch and cosign are.',
  hint: 'Run the whole action; its steps cannot be run alone.',
}
