/**
 * The tools that an earlier step has found, ready to be called by this one.
 */
import { join } from 'node:path'
import type { AttestationRules } from '../../domain/attestations/required'
import { Turns } from '../../domain/calls/turns'
import { sha256 } from '../../domain/files/sha256'
import { repositoryOf } from '../../domain/image/reference'
import type { SignatureRepository } from '../../inputs/signature-repository'
import type { SigstoreInputs } from '../../inputs/sigstore'
import { finchSigningWith } from '../../install/machine/side-by-side'
import { type Cosign, createCosign, EMPTY_TRUSTED_ROOT } from '../../tools/cosign/cosign'
import { asStored, type SigstoreFiles } from '../../tools/cosign/cosign-call'
import { withDigestLock } from '../../tools/files/digest-lock'
import type { Session } from '../../tools/files/session'
import { createFinch, type Finch, finchNeedsSudo } from '../../tools/finch/finch'
import { finchHost } from '../../tools/finch/finch-host'
import { bundleForTools } from '../../tools/http/trust'
import { type Connection, connect } from '../../tools/registry/connection'
import { type Registry, withSignaturesIn } from '../../tools/registry/registry'
import type { Step } from '../step'
import { openTool } from './tool-path'

export interface Tools {
  /** Throws `session-missing` where the step "Install tools" has set up cosign alone. */
  readonly finch: Finch
  readonly cosign: Cosign
  readonly registry: Registry
  /** Where signatures are kept in a repository of their own: what looks for them with each image instead. */
  readonly atImages: SignatureTools
  /** Files of a private Sigstore. */
  readonly sigstore: SigstoreFiles
  /** Path of a file with rules for attestations, for cosign. */
  rulesFile(rules: AttestationRules): string
  /** `host/path` of the repository that holds the signatures; undefined: that of each image. */
  readonly signatureRepository: string | undefined
  /** Does work on `repository@digest` while nothing else of this process or of another job of this machine does any there. Not to be nested. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** What it takes to judge signatures. */
export type SignatureTools = Pick<Tools, 'cosign' | 'registry' | 'rulesFile'>

export interface ToolSettings {
  /** Milliseconds for each tool call. */
  readonly timeLimit: number
  readonly sigstore: SigstoreInputs
  readonly signatureRepository?: SignatureRepository | undefined
  /** Finch is going to call cosign, which has to be the one of this session. */
  readonly finchSigns?: boolean
  /** Signatures are confirmed while much else is going on. */
  readonly isBusy?: boolean
}

export function openTools(step: Step, session: Session, settings: ToolSettings): Tools {
  const { timeLimit, sigstore, finchSigns = false, isBusy = false } = settings
  const { run, secrets, environment, workflow, cancelled, stopwatch } = step
  const { dockerConfig, tufRoot, emptyTrustedRoot } = session
  session.write('trusted-root.json', EMPTY_TRUSTED_ROOT)
  const debug = (message: string): void => workflow.debug(message)
  const files = sigstoreFiles(session, sigstore)
  const onRetry = (line: string): void => workflow.info(secrets.redact(line))
  const asked = { dockerConfig, environment, secrets, debug, onRetry, cancelled, timeLimit, stopwatch }
  const connection: Connection = connect(asked)
  const onLine = (line: string): void => workflow.toolLine(secrets.redact(line))
  const authoritiesFor = (hosts: readonly string[]) => authoritiesFile(session, environment, hosts)
  const persistence = { cancelled, onRetry }
  const shared = { run, persistence, secrets, jobEnvironment: environment, dockerConfig, tufRoot, timeLimit, onLine }
  const host = finchHost(environment)
  const rulesFile: Tools['rulesFile'] = ({ language, text }) =>
    session.file(`rules-${sha256(text).slice(0, 16)}.${language}`, text)
  const { schemeFor } = connection
  const cosignAt = (signatureRepository: string | undefined): Cosign => {
    const path = openTool(session, 'cosign')
    const asked = { ...shared, path, emptyTrustedRoot, isBusy, sigstore: files, schemeFor, authoritiesFor }
    return createCosign({ ...asked, signatureRepository })
  }
  const place = settings.signatureRepository
  const signatureRepository = place && repositoryOf(place)
  return {
    get finch() {
      const path = finchSigns ? openSigningFinch(session) : openTool(session, 'finch')
      const needsSudo = host.kind === 'native' && finchNeedsSudo()
      return createFinch({ ...shared, path, host, needsSudo, authorities: authoritiesFor([]) })
    },
    cosign: cosignAt(signatureRepository),
    registry: withSignaturesIn(connection.registry, place),
    get atImages() {
      return { cosign: cosignAt(undefined), registry: connection.registry, rulesFile }
    },
    sigstore: files,
    rulesFile,
    signatureRepository,
    exclusively: oneAtATime(step, timeLimit, signatureRepository),
    close: () => connection.close(),
  }
}

/** One at a time where the signatures of an image are kept. */
function oneAtATime(step: Step, timeLimit: number, signatureRepository: string | undefined): Tools['exclusively'] {
  const turns = new Turns()
  return (image, work) => {
    const name = asStored({ signatureRepository }, image)
    const options = { ...lockOptions(step, name), timeLimit }
    return turns.take(name, () => withDigestLock(name, options, work))
  }
}

/** The path of a file with the authorities for all of these hosts; undefined where tools find them by themselves. */
function authoritiesFile(
  session: Session,
  environment: NodeJS.ProcessEnv,
  hosts: readonly string[],
): string | undefined {
  const bundle = bundleForTools(hosts, environment)
  return bundle && session.file(`authorities-${['all', ...hosts].join('-').replace(/[^\w.-]/g, '-')}.pem`, bundle)
}

function lockOptions({ workflow, cancelled }: Step, name: string) {
  return {
    cancelled,
    onWait: (pid: number) => workflow.info(`Waiting for process ${pid} on this machine, which publishes ${name}`),
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

/** A Finch whose `push --sign` calls the cosign of this session, also where Finch brings another one. */
function openSigningFinch(session: Session): string {
  const [finch, cosign] = [openTool(session, 'finch'), openTool(session, 'cosign')]
  return finchSigningWith(join(session.folder, 'finch-with-cosign'), finch, cosign)
}
