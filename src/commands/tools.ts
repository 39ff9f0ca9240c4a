/**
 * The tools that an earlier step has found, ready to be called by this one.
 */
import { ActionError } from '../domain/action-error'
import type { SigstoreInputs } from '../inputs/sigstore'
import { type Connection, connect } from '../tools/connection'
import { type Cosign, cosignCommand, EMPTY_TRUSTED_ROOT, type SigstoreFiles } from '../tools/cosign'
import { withDigestLock } from '../tools/digest-lock'
import { type Finch, finchCommand, finchNeedsSudo } from '../tools/finch'
import type { RegistryClient } from '../tools/registry'
import type { Session } from '../tools/session'
import { bundleForTools } from '../tools/trust'
import type { Step } from './step'

export interface Tools {
  readonly finch: Finch
  readonly cosign: Cosign
  readonly registry: RegistryClient
  /** Files of a private Sigstore. */
  readonly sigstore: SigstoreFiles
  /** Does work on `repository@digest` while no other job of this machine does any there. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** @param timeLimit milliseconds for each tool call */
export function openTools(step: Step, session: Session, timeLimit: number, sigstore: SigstoreInputs = {}): Tools {
  const { run, secrets, environment, workflow, cancelled } = step
  const { dockerConfig, tufRoot, emptyTrustedRoot } = session
  session.write('trusted-root.json', EMPTY_TRUSTED_ROOT)
  const debug = (message: string): void => workflow.debug(message)
  const files = sigstoreFiles(session, sigstore)
  const connection: Connection = connect({ dockerConfig, environment, secrets, debug, cancelled, timeLimit })
  const onLine = (line: string): void => workflow.toolLine(secrets.redact(line))
  const authoritiesFor = (host: string | undefined): string | undefined => {
    const bundle = bundleForTools(host, environment)
    return bundle && session.file(`authorities-${(host ?? 'all').replace(/[^\w.-]/g, '-')}.pem`, bundle)
  }
  const shared = { run, secrets, jobEnvironment: environment, dockerConfig, tufRoot, timeLimit, onLine }
  return {
    finch: finchCommand({
      ...shared,
      path: openTool(session, 'finch'),
      needsSudo: finchNeedsSudo(),
      authorities: authoritiesFor(undefined),
    }),
    cosign: cosignCommand({
      ...shared,
      path: openTool(session, 'cosign'),
      emptyTrustedRoot,
      sigstore: files,
      schemeFor: connection.schemeFor,
      authoritiesFor,
    }),
    registry: connection.registry,
    sigstore: files,
    exclusively: (name, work) => withDigestLock(name, { ...lockOptions(step, name), timeLimit }, work),
    close: () => connection.close(),
  }
}

function lockOptions({ workflow, cancelled }: Step, name: string) {
  return {
    cancelled,
    onWait: (pid: number) => workflow.info(`Waiting for process ${pid} on this machine, which signs ${name}`),
    onUnusable: (cause: unknown) => workflow.debug(`signed without a lock: ${cause}`),
  }
}

function sigstoreFiles(session: Session, { signingConfig, trustedRoot }: SigstoreInputs): SigstoreFiles {
  return {
    ...(signingConfig === undefined
      ? {}
      : { signingConfig: session.file('sigstore-signing-config.json', signingConfig) }),
    ...(trustedRoot === undefined ? {} : { trustedRoot: session.file('sigstore-trusted-root.json', trustedRoot) }),
  }
}

/** The path of a tool that the step "Install tools" has found. */
export function openTool(session: Session, name: 'finch' | 'cosign'): string {
  const { tools } = session.state
  if (tools === undefined) throw new ActionError('session-missing', noTools)
  return tools[name].path
}

const noTools = {
  title: 'An earlier step has left nothing behind',
  what: 'The step "Install tools" has not said where Finch and cosign are.',
  hint: 'Run the whole action; its steps cannot be run alone.',
}
