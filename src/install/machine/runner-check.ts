/**
 * Runners on which Finch cannot work are told before anything is downloaded.
 */
import { ActionError } from '../../domain/errors/action-error'
import { type Platform, releaseAsset } from '../../domain/releases/release-asset'

/** What is known of the runner without starting anything. */
export interface RunnerFacts {
  /** `process.platform` and `process.arch`. */
  readonly os: string
  readonly arch: string
  /** ImageOS, which GitHub's own runners set, such as `ubuntu24` or `win25`. */
  readonly imageOs: string
  readonly isHosted: boolean
  /** systemd is the first process. */
  readonly hasSystemd: boolean
  readonly isContainer: boolean
}

interface Refusal {
  readonly what: string
  readonly why: string
  readonly use: string
}

/** Throws `runner-unsupported` where no Finch can be installed, with what to use in this runner's place. */
export function refuseUnsupportedRunner(facts: RunnerFacts): void {
  const refusal = refusalFor(facts)
  if (refusal === undefined) return
  throw new ActionError('runner-unsupported', {
    title: 'Finch cannot run on this runner',
    what: refusal.what,
    why: refusal.why,
    hint: `Use ${refusal.use}. A Finch that is installed and answers is used with "finch-version: system".`,
  })
}

/** Throws `runner-unsupported` where no release of cosign has a program for the machine. */
export function refuseRunnerWithoutCosign(platform: Platform): void {
  if (releaseAsset('cosign', '', platform) !== undefined) return
  throw new ActionError('runner-unsupported', {
    title: 'cosign has no program for this runner',
    what: `The runner is ${platform.os} on ${platform.arch}.`,
    why: 'The releases of cosign have programs for Linux, for macOS, and for Windows on x64.',
    hint: `Use ${HOSTED_LINUX}. A cosign that is installed and answers is used with "cosign-version: system".`,
  })
}

const HOSTED_LINUX = 'runs-on: ubuntu-24.04 or ubuntu-24.04-arm'

function refusalFor(facts: RunnerFacts): Refusal | undefined {
  if (facts.os === 'linux') return linux(facts)
  if (facts.os === 'darwin') return macos(facts)
  if (facts.os === 'win32') return windows(facts)
  return {
    what: `The runner's operating system is ${facts.os}.`,
    why: 'Finch has releases for Linux, macOS and Windows.',
    use: HOSTED_LINUX,
  }
}

function linux({ arch, imageOs, isHosted, hasSystemd, isContainer }: RunnerFacts): Refusal | undefined {
  if (arch !== 'x64' && arch !== 'arm64') {
    return {
      what: `The runner is Linux on ${arch}.`,
      why: "Finch's releases for Linux are for amd64 and arm64.",
      use: HOSTED_LINUX,
    }
  }
  // GitHub's virtual machines name their Ubuntu; ubuntu-slim says Linux, and is a container without systemd.
  const isSlim = isHosted && imageOs.toLowerCase() === 'linux' && isContainer && !hasSystemd
  if (!isSlim) return undefined
  return {
    what: 'The runner is ubuntu-slim.',
    why: 'It is a container, in which no containerd can run.',
    use: HOSTED_LINUX,
  }
}

function macos({ arch, isHosted }: RunnerFacts): Refusal | undefined {
  if (arch !== 'arm64' || !isHosted) return undefined
  return {
    what: "The runner is GitHub's macOS on arm64.",
    why: 'Finch runs in a virtual machine on macOS. These runners are virtual machines themselves, and start no other one.',
    use: `runs-on: macos-15-intel (experimental), or ${HOSTED_LINUX}`,
  }
}

function windows({ arch, imageOs }: RunnerFacts): Refusal | undefined {
  const use = `runs-on: windows-2025 (experimental), or ${HOSTED_LINUX}`
  if (arch !== 'x64') {
    return {
      what: `The runner is Windows on ${arch}.`,
      why: 'Finch has no release for it, and WSL does not run there.',
      use,
    }
  }
  if (imageOs.toLowerCase() !== 'win22') return undefined
  return { what: 'The runner is windows-2022.', why: 'Finch needs WSL 2 on Windows; this image has WSL 1.', use }
}
