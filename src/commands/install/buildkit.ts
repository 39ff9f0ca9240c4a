import { existsSync } from 'node:fs'
import { ActionError } from '../../domain/errors/action-error'
import { finchHost } from '../../tools/finch/finch-host'
import type { Step } from '../step'

const DAEMON = '/usr/libexec/finch/buildkitd'

/** Starts what a build with Finch needs, where that is a daemon of this machine. What it needs itself is loaded only then. */
export async function startBuildkit(step: Step): Promise<void> {
  if (finchHost(step.environment).kind !== 'native') return
  const [{ activationPorts }, containerd] = await Promise.all([
    import('./activation'),
    import('../../install/machine/containerd'),
  ])
  await containerd.startBuildkit(activationPorts(step))
}

/**
 * Makes `finch build` work in the later steps of the job, where Finch's own BuildKit is installed. That it does not start is a
 * warning: who only signs and verifies does not need it.
 */
export async function offerBuildkit(step: Step): Promise<void> {
  if (!existsSync(DAEMON)) return
  try {
    await startBuildkit(step)
  } catch (error) {
    if (!(error instanceof ActionError) || error.code === 'step-cancelled') throw error
    const { title, message, hint } = error
    step.workflow.warning({ title, message: `finch build will not work in this job. ${message} ${hint}` })
  }
}
