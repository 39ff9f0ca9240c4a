/**
 * The one entry of the bundle: `node index.js STEP`. A step is loaded only when it is the one to run.
 */
import type { Step } from './commands/step'
import { makeStep } from './commands/step'
import { reportError } from './report/error'
import { timelineLines } from './report/timeline'

const STEPS: Readonly<Record<string, () => Promise<(step: Step) => Promise<void>>>> = {
  setup: async () => (await import('./commands/setup')).setup,
  keys: async () => (await import('./commands/sign-keys')).keys,
  plan: async () => (await import('./commands/verify-plan')).plan,
  login: async () => (await import('./commands/login')).login,
  sign: async () => (await import('./commands/sign')).sign,
  verify: async () => (await import('./commands/verify')).verify,
  cleanup: async () => (await import('./commands/cleanup')).cleanup,
}

/** Exit code of a step that a cancelled job has ended, as a shell reports SIGINT. */
const CANCELLED = 130

async function main(words: readonly string[]): Promise<number> {
  const [name = '', ...rest] = words
  const cancel = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort())
  const step = makeStep(rest, process.env, cancel.signal)
  try {
    const load = STEPS[name]
    if (load === undefined) throw new Error(`unknown step "${name}"; known are ${Object.keys(STEPS).join(', ')}`)
    const perform = await load()
    await perform(step)
    return process.exitCode === undefined ? 0 : Number(process.exitCode)
  } catch (error) {
    reportError(step.workflow, error, (text) => step.secrets.redact(text))
    return cancel.signal.aborted ? CANCELLED : 1
  } finally {
    const { calls, elapsed } = step.stopwatch
    for (const line of timelineLines(calls, elapsed, process.resourceUsage().maxRSS)) step.workflow.debug(line)
  }
}

process.exitCode = await main(process.argv.slice(2))
