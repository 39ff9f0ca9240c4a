/**
 * The world as the activation of packages sees it.
 */
import { join } from 'node:path'
import type { ActivationPorts } from '../install/ports'
import type { RunnerFacts } from '../install/runner-check'
import { toolEnvironment } from '../tools/environment'
import type { Step } from './step'

/** Ports that act on this machine. */
export function activationPorts(step: Step): ActivationPorts {
  const env = toolEnvironment(step.environment, step.secrets, {})
  return {
    run: (program) => step.run({ ...program, env }),
    programs: join(step.environment.RUNNER_TOOL_CACHE || step.temporary, 'finch-signing-programs'),
  }
}

/** What tells whether Finch can run here at all. */
export function runnerFacts(_step: Step): RunnerFacts {
  return { os: process.platform, arch: process.arch }
}
