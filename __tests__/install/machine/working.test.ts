import { describe, expect, test } from '@jest/globals'
import { ActionError } from '../../../src/domain/errors/action-error'
import { checkFinchWorks } from '../../../src/install/machine/working'
import { type Answers, scratchPorts } from '../../support/activation'
import { failureOf } from '../../support/failure'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const FINCH = '/usr/bin/finch'
const REFUSED = { exitCode: 1, stderr: 'cannot access containerd socket' }

const portsWith = (answers: Answers) => scratchPorts(folder(), answers)

describe('a Finch that is installed', () => {
  test('is asked once where it answers, as root on Linux', async () => {
    const ports = portsWith([[/info/, { stdout: 'Server Version: 2.2.1' }]])
    await checkFinchWorks(FINCH, true, ports)
    expect(ports.calls).toEqual([`root: ${FINCH} info`])
    expect(ports.programsRun[0]?.timeLimit).toBeLessThanOrEqual(60_000)
  })

  test('is asked again after containerd was looked after', async () => {
    const ports = portsWith([[/info/, REFUSED, {}]])
    await checkFinchWorks(FINCH, true, ports)
    expect(ports.calls).toHaveLength(2)
  })

  test('that never answers is an error with what it printed', async () => {
    const error = await failureOf(() => checkFinchWorks(FINCH, true, portsWith([[/info/, REFUSED]])))
    expect([error.code, error.title]).toEqual(['finch-failed', 'Finch does not answer'])
    expect(String(error.cause)).toContain('cannot access containerd socket')
  })

  test('that takes too long is the same error', async () => {
    const ports = scratchPorts(folder(), [])
    const late = new ActionError('time-limit', {
      title: 'A call took too long',
      what: 'finch info took more than 60 s.',
    })
    const error = await failureOf(() => checkFinchWorks(FINCH, true, { ...ports, run: () => Promise.reject(late) }))
    expect([error.code, String(error.cause)]).toEqual(['finch-failed', expect.stringContaining('60 s')])
  })

  test('in a virtual machine is asked as the user, and nothing is started for it', async () => {
    const ports = portsWith([[/info/, REFUSED]])
    const error = await failureOf(() => checkFinchWorks(FINCH, false, ports))
    expect([error.code, ports.calls]).toEqual(['finch-failed', [`${FINCH} info`]])
  })
})
