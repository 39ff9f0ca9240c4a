/**
 * What all calls of cosign for an image share.
 */
import { classifyFailure } from '../../domain/calls/cosign-failure'
import { endOf, lastLines, type ProcessResult } from '../../domain/calls/process-result'
import { killedFromOutside } from '../../domain/calls/tool-killed'
import { ActionError } from '../../domain/errors/action-error'
import { type Environment, SHORT_LIVED, toolEnvironment } from '../process/environment'
import { type Repetition, runPersistently, silenceWithin } from '../process/persistent'
import type { Command } from '../process/process'
import type { ToolContext } from '../process/tool-context'

export interface CosignContext extends ToolContext {
  /** A trusted root that trusts nobody: with it cosign asks no network when the log is ignored. */
  readonly emptyTrustedRoot: string
  readonly schemeFor: (host: string) => string
  /** Path of the authorities for all of these hosts, where cosign would not find all of them by itself. */
  readonly authoritiesFor: (hosts: readonly string[]) => string | undefined
  /** `host/path` of the repository that holds the signatures; undefined: that of each image. */
  readonly signatureRepository?: string | undefined
  /** Files of a private Sigstore. */
  readonly sigstore: SigstoreFiles
  /** Much else is going on while signatures are verified. */
  readonly isBusy?: boolean
}

/** Paths of the configuration of a private Sigstore; the public one where they are absent. */
export interface SigstoreFiles {
  readonly signingConfig?: string
  readonly trustedRoot?: string
}

/** The variable that names the trusted root of a private Sigstore. */
export function trustedRoot(sigstore: SigstoreFiles): Environment {
  return sigstoreVariable('COSIGN_TRUSTED_ROOT', sigstore.trustedRoot)
}

/** A variable for what may be absent. */
export function sigstoreVariable(name: string, value: string | undefined): Environment {
  return value === undefined ? {} : { [name]: value }
}

/** cosign reads each as a line of CSV: without the quotes a comma would begin another annotation. */
export function annotationArguments(annotations: Readonly<Record<string, string>>): string[] {
  return Object.entries(annotations).map(([name, value]) => {
    return `--annotations="${`${name}=${value}`.replaceAll('"', '""')}"`
  })
}

/** Characters that are kept of what cosign has verified. */
const READING = { keep: 64 * 1024 * 1024 }

/**
 * The name under which what is stored about `repository@digest` is asked for. With a repository for signatures that is the
 * digest there: cosign before 3.1 looks for bundles beside the image only, whatever COSIGN_REPOSITORY says.
 */
export function asStored({ signatureRepository }: Pick<CosignContext, 'signatureRepository'>, image: string): string {
  return signatureRepository === undefined ? image : `${signatureRepository}${image.slice(image.indexOf('@'))}`
}

export interface CosignCall {
  /** E.g. `cosign sign`. */
  readonly label: string
  readonly args: readonly string[]
  readonly granted: Environment
  /** `repository@digest`; of several of one registry host the first; empty: none. */
  readonly image: string
}

/** Calls cosign, again where an accident of the network has ended the call. */
export function callCosign(context: CosignContext, call: CosignCall, repetition?: Repetition): Promise<ProcessResult> {
  return runPersistently(context.run, commandOf(context, call), context.persistence, repetition)
}

/** Calls cosign once, for no longer than a call may be silent that can be made again. */
export function callCosignOnce(context: CosignContext, call: CosignCall): Promise<ProcessResult> {
  return context.run({ ...commandOf(context, call), silenceLimit: silenceWithin(context.timeLimit) })
}

function commandOf(context: CosignContext, { label, args, granted, image }: CosignCall): Command {
  const { signatureRepository } = context
  const named = [image, signatureRepository ?? ''].filter((name) => name !== '')
  const hosts = [...new Set(named.map(hostOf))]
  const isPlain = hosts.some((host) => context.schemeFor(host) === 'http' && !/^(localhost|127\.|\[)/.test(host))
  const authorities = context.authoritiesFor(hosts)
  const env = toolEnvironment('cosign', { ...SHORT_LIVED, ...context.jobEnvironment }, context.secrets, {
    DOCKER_CONFIG: context.dockerConfig,
    TUF_ROOT: context.tufRoot,
    ...(authorities === undefined ? {} : { SSL_CERT_FILE: authorities }),
    ...sigstoreVariable('COSIGN_REPOSITORY', signatureRepository),
    ...(isPlain ? { COSIGN_ALLOW_HTTP_REGISTRY: 'true', COSIGN_ALLOW_INSECURE_REGISTRY: 'true' } : {}),
    ...granted,
  })
  const { timeLimit, onLine } = context
  // What was verified is printed whole: claims by the dozen, or SBOMs of some MB.
  const isReading = label.startsWith('cosign verify')
  return { label, file: context.path, args, env, timeLimit, ...(isReading ? READING : { onLine }) }
}

/** The host in `host/path@digest`. */
export function hostOf(image: string): string {
  return image.slice(0, image.indexOf('/'))
}

/** The error for a call whose end says nothing about the image. */
export function cosignFailed(finished: ProcessResult, label: string, image: string): ActionError {
  const killed = killedFromOutside(`${label} ${image}`, finished, finished.stderr)
  if (killed !== undefined) return killed
  const { code, title, hint } = classifyFailure(finished.stderr)
  const cause = new Error(lastLines(finished.stderr))
  return new ActionError(code, { title, what: `${label} ${image} ended with ${endOf(finished)}.`, hint }, { cause })
}
