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
 * Makes `finch build` work in the later steps of the job, and says where Docker's API is, where Finch brings what that needs.
 * That one of them does not start is a warning: who only signs and verifies does not need it.
 */
export async function offerServices(step: Step): Promise<void> {
  if (finchHost(step.environment).kind !== 'native') return
  const [{ activationPorts }, containerd] = await Promise.all([
    import('./activation'),
    import('../../install/machine/containerd'),
  ])
  const ports = activationPorts(step)
  if (existsSync(DAEMON))
    await orWarn(step, 'finch build will not work in this job.', () => containerd.startBuildkit(ports))
  const address = await orWarn(step, "Docker's API is not there in this job.", () => containerd.startDockerApi(ports))
  if (address !== undefined) step.workflow.setOutput('docker-host', address)
}

async function orWarn<T>(step: Step, consequence: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ActionError) || error.code === 'step-cancelled') throw error
    const { title, message, hint, cause } = error
    const said = cause instanceof Error ? `\n${cause.message}` : ''
    step.workflow.warning({ title, message: `${consequence} ${message} ${hint}${said}` })
    return undefined
  }
}
