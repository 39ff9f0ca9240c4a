/**
 * The finch command: tags, pushes and pulls. On Linux it needs root; a runner that is not root goes through sudo.
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { endOf, lastLines, type ProcessResult } from '../../domain/calls/process-result'
import { killedFromOutside } from '../../domain/calls/tool-killed'
import { ActionError, type ErrorCode } from '../../domain/errors/action-error'
import type { ComposeBuild } from '../../domain/publishing/sign-plan'
import { type Environment, jobVariables, namesForRoot, SHORT_LIVED, toolEnvironment } from '../process/environment'
import { type Repetition, runPersistently } from '../process/persistent'
import { isSudoRefusal, needsRoot, needsSudo, throughSudo } from '../process/root'
import { withBorrowed } from './borrowed-file'
import { composeBuild } from './finch-build'
import type { FinchContext } from './finch-context'
import { explainUnreachable, finchVariables, withoutHandedOn } from './finch-host'
import {
  type LocalImage,
  type PushedImage,
  parseAllInspected,
  parseInspected,
  parseListed,
  parsePushed,
} from './finch-output'

export interface Finch {
  /** Gives a local image another name. Throws `image-not-local` when there is no such image. */
  tag(source: string, target: string): Promise<void>
  /**
   * Pushes a local name. Returns the digest that Finch says it pushed, where it says one.
   * Throws `platform-missing` when `whole` is wanted and parts of the index are not on this runner.
   */
  push(name: string, options?: PushOptions): Promise<PushedImage | undefined>
  /** Pulls an image under exactly this name. */
  pull(name: string, options?: { readonly allPlatforms?: boolean }): Promise<void>
  /** Runs an image and returns the container's exit code; Finch's own failures have codes of their own (125 and above). */
  run(image: string, options: readonly string[], command: readonly string[]): Promise<number>
  /** Digest, media type and platforms of a local image. Throws `image-not-local` when there is no such image. */
  inspect(name: string): Promise<LocalImage>
  /** The same for several, in their order. */
  inspectAll(names: readonly string[]): Promise<LocalImage[]>
  /** The platforms whose manifests the local store holds, of the image with this digest. */
  presentPlatforms(digest: string): Promise<string[]>
  /** Builds services of a compose project with the variables and logins of the job. Throws `build-failed`. */
  composeBuild(build: ComposeBuild): Promise<void>
}

export interface PushOptions {
  /** Asked before a push is made again: true where the last one has done all that it should. */
  readonly isDone?: () => Promise<boolean>
  /** Signs in the same call. */
  readonly signing?: FinchSigning
  /** An index with all that is in it; else Finch takes this runner's platform out of it. */
  readonly whole?: boolean
  /** Takes just these platforms out of an index. */
  readonly platforms?: readonly string[]
}

/** How `finch push --sign=cosign` gets its key; the variables are those that cosign reads. */
export interface FinchSigning {
  readonly keyReference: string
  readonly environment: Environment
}

/** The call that runs what the project has built, with the variables of the job: its options may hand some on. */
const RUN = 'finch run'
/** Calls whose output is data. */
const QUIET = ['finch image inspect', 'finch images']
/** Calls that end soon, and run nothing of anybody else. */
const BRIEF = ['finch image inspect', 'finch tag', 'finch push']
/** Finch removes a name and makes it anew; another job may have made it in between. */
const TAKEN = /already exists/
const TAG_TRIES = 4
/** Calls that go to a registry: made again after an accident, since the same push or pull once more changes nothing. */
const REMOTE = ['finch push', 'finch pull']
const CONTENT_MISSING = /content digest sha256:[0-9a-f]{64}: not found/
const NO_SUCH_IMAGE = /no such image|not found|no image found/i

/** True where Finch needs root and this process is not root. */
export function finchNeedsSudo(): boolean {
  return process.platform === 'linux' && needsSudo()
}

/** The finch command of this runner. Its calls change one configuration file: never run two at once. */
export function createFinch(context: FinchContext): Finch {
  return {
    tag: (source, target) => giveName(context, source, target),
    async push(name, { signing, whole = false, platforms = [], isDone } = {}) {
      const sign = signing === undefined ? [] : ['--sign=cosign', `--cosign-key=${signing.keyReference}`]
      const taken = platforms.length > 0 ? [`--platform=${platforms.join(',')}`] : []
      const args = ['push', ...(whole ? ['--all-platforms'] : taken), ...sign, name]
      const finished = await call(context, 'finch push', args, signing?.environment, isDone && { isDone })
      if (finished.exitCode !== 0 && whole && CONTENT_MISSING.test(finished.stderr)) throw incomplete(name)
      if (finished.exitCode !== 0) throw finchFailed(context, finished, 'finch push', name)
      return parsePushed(`${finished.stderr}\n${finished.stdout}`)
    },
    async pull(name, { allPlatforms = false } = {}) {
      const args = ['pull', ...(allPlatforms ? ['--all-platforms'] : []), name]
      const finished = await call(context, 'finch pull', args)
      if (finished.exitCode !== 0) throw finchFailed(context, finished, 'finch pull', name)
    },
    async run(image, options, command) {
      const finished = await call(context, RUN, ['run', ...options, image, ...command])
      if (finished.exitCode === null) throw finchFailed(context, finished, RUN, image)
      return finished.exitCode
    },
    inspect: (name) => inspectOne(context, name),
    async inspectAll(names) {
      const finished = names.length > 1 ? await inspect(context, names) : undefined
      const found = finished?.exitCode === 0 ? parseAllInspected(finished.stdout, names) : undefined
      if (found !== undefined) return found
      const images: LocalImage[] = []
      for (const name of names) images.push(await inspectOne(context, name))
      return images
    },
    async presentPlatforms(digest) {
      const args = ['images', '--no-trunc', '--format={{.Digest}} {{.Platform}}']
      const finished = await call(context, 'finch images', args)
      if (finished.exitCode !== 0) throw finchFailed(context, finished, 'finch images', digest)
      return parseListed(finished.stdout, digest)
    },
    composeBuild: (build) => composeBuild(context, build),
  }
}

async function giveName(context: FinchContext, source: string, target: string): Promise<void> {
  const tag = (): Promise<ProcessResult> => call(context, 'finch tag', ['tag', source, target])
  let finished = await tag()
  for (let tries = 1; finished.exitCode !== 0 && tries < TAG_TRIES && TAKEN.test(finished.stderr); tries++) {
    finished = await tag()
  }
  if (finished.exitCode !== 0) throw finchFailed(context, finished, 'finch tag', source)
}

async function inspectOne(context: FinchContext, name: string): Promise<LocalImage> {
  const finished = await inspect(context, [name])
  if (finished.exitCode !== 0) throw finchFailed(context, finished, 'finch image inspect', name)
  // Of an image that is not there it says nothing, with code 0.
  if (finished.stdout.trim() === '') throw notLocal(name)
  return parseInspected(finished.stdout, name)
}

function inspect(context: FinchContext, names: readonly string[]): Promise<ProcessResult> {
  return call(context, 'finch image inspect', ['image', 'inspect', '--mode=native', ...names])
}

function call(
  context: FinchContext,
  label: string,
  args: readonly string[],
  extra: Environment = {},
  repetition?: Repetition,
): Promise<ProcessResult> {
  const granted = finchVariables(context.host, context, extra)
  const job = BRIEF.includes(label) ? { ...SHORT_LIVED, ...context.jobEnvironment } : context.jobEnvironment
  const own = label === RUN ? jobVariables(job, context.secrets) : toolEnvironment('finch', job, context.secrets)
  const all = { ...own, ...granted }
  const env = withoutHandedOn(context.host, all, granted)
  const { timeLimit } = context
  const onLine = QUIET.includes(label) ? undefined : context.onLine
  const command = { label, file: context.path, args, env, timeLimit, ...(onLine && { onLine }) }
  const given = context.needsSudo ? throughSudo(command, namesForRoot(env, granted)) : command
  const { run, persistence } = context
  return withLogins(context, () => {
    return REMOTE.includes(label) ? runPersistently(run, given, persistence, repetition) : run(given)
  })
}

/** On Windows the machine reads logins from one fixed file. */
function withLogins({ host, dockerConfig }: FinchContext, work: () => Promise<ProcessResult>): Promise<ProcessResult> {
  const logins = join(dockerConfig, 'config.json')
  if (host.kind === 'native' || host.loginFile === undefined || !existsSync(logins)) return work()
  return withBorrowed(host.loginFile, readFileSync(logins, 'utf8'), work)
}

function incomplete(name: string): ActionError {
  return new ActionError('platform-missing', {
    title: 'Not all platforms are on this runner',
    what: `${name} names platforms whose layers are not in Finch's local store.`,
  })
}

function finchFailed({ host }: FinchContext, finished: ProcessResult, label: string, name: string): ActionError {
  const output = finished.stderr.trim() || finished.stdout.trim()
  const cause = new Error(lastLines(output))
  const killed = killedFromOutside(`${label} ${name}`, finished, finished.stderr)
  if (killed !== undefined) return killed
  if (isSudoRefusal(output)) return needsRoot(cause)
  if (label !== 'finch push' && label !== 'finch pull' && NO_SUCH_IMAGE.test(output)) return notLocal(name, cause)
  const [code, title] = classify(output)
  const what = `${label} ${name} ended with ${endOf(finished)}.`
  const why = code === 'registry-unreachable' ? explainUnreachable(host, name) : ''
  return new ActionError(code, { title, what, why, hint: 'The cause is what Finch itself printed last.' }, { cause })
}

function classify(output: string): [ErrorCode, string] {
  if (/401 Unauthorized|403 Forbidden|authorization failed|no basic auth credentials|denied/i.test(output)) {
    return ['registry-denied', 'The registry refused the credentials']
  }
  if (/connection refused|no such host|i\/o timeout|server gave HTTP response|certificate/i.test(output)) {
    return ['registry-unreachable', 'The registry cannot be reached']
  }
  return ['finch-failed', 'Finch failed']
}

function notLocal(name: string, cause?: Error): ActionError {
  return new ActionError(
    'image-not-local',
    {
      title: 'The image is not on this runner',
      what: `Finch has no image "${name}" in its local store.`,
      why: "An image that Docker built is in Docker's store, not in Finch's.",
      hint: 'Build it with finch build, or bring it over: docker save IMAGE | sudo finch load. See what is there: finch images.',
    },
    { cause },
  )
}
