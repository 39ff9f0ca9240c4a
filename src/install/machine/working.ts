/**
 * A Finch that answers its version may be one that can do nothing: containerd is stopped, or its virtual machine hangs.
 */
import { lastWords } from '../../domain/calls/process-result'
import { ofFamilies } from '../../domain/calls/tool-variables'
import { ActionError } from '../../domain/errors/action-error'
import { prepareContainerd } from './containerd'
import type { ActivationPorts } from './ports'
import { unitLog } from './services'

const TIME_LIMIT = 60_000

/**
 * Returns when `finch info` has answered. On Linux a containerd that is stopped is started for it. Throws `finch-failed`
 * with what Finch printed and the end of containerd's log.
 */
export async function checkFinchWorks(finch: string, isNative: boolean, ports: ActivationPorts): Promise<void> {
  const first = await complaint(finch, isNative, ports)
  if (first === undefined) return
  if (isNative) await prepareContainerd(ports)
  const second = isNative ? await complaint(finch, isNative, ports) : first
  if (second === undefined) return
  const log = isNative ? await unitLog(ports, 'containerd.service') : ''
  throw new ActionError(
    'finch-failed',
    {
      title: 'Finch does not answer',
      what: `${finch} is installed, and "finch info" does not succeed.`,
      why: isNative ? 'It reaches no containerd, or lacks parts.' : 'Its virtual machine does not answer.',
      hint: 'The cause is what it printed. Does "finch info" work on the runner by hand?',
    },
    { cause: new Error([second, log && `The log of containerd ends with:\n${log}`].filter(Boolean).join('\n')) },
  )
}

/** What `finch info` printed where it failed, or that it took too long. */
async function complaint(finch: string, isNative: boolean, ports: ActivationPorts): Promise<string | undefined> {
  const env = ofFamilies(ports.environment, ['containerd'])
  const command = { label: 'finch info', file: finch, args: ['info'], timeLimit: TIME_LIMIT, asRoot: isNative }
  try {
    const ended = await ports.run({ ...command, ...(isNative && { env }) })
    return ended.exitCode === 0 ? undefined : lastWords(ended).message || 'it printed nothing'
  } catch (error) {
    if (error instanceof ActionError && error.code === 'time-limit') return error.message
    throw error
  }
}
