import { describe, expect, test } from '@jest/globals'
import type { ProcessResult } from '../../../src/domain/calls/process-result'
import { type Repetition, runPersistently } from '../../../src/tools/process/persistent'
import { type Command, processRunner } from '../../../src/tools/process/process'
import { Secrets } from '../../../src/tools/process/secrets'
import { codeOf, failureOf } from '../../support/failure'

const RESET = 'Error: Put "https://r.test/v2/": read tcp: connection reset by peer'
const command: Command = { label: 'the tool', file: 'tool', args: [], env: {}, timeLimit: 2000 }

/** A tool that ends in turn as is said, the last way for ever. */
function tool(...endings: readonly Partial<ProcessResult>[]) {
  const calls: Command[] = []
  const lines: string[] = []
  const cancel = new AbortController()
  const run = async (given: Command): Promise<ProcessResult> => {
    const ending = endings[Math.min(calls.length, endings.length - 1)]
    calls.push(given)
    return { exitCode: 0, signal: null, stdout: '', stderr: '', duration: 1, ...ending }
  }
  const persistence = { cancelled: cancel.signal, onRetry: (line: string) => void lines.push(line) }
  const call = (repetition?: Repetition, more: Partial<Command> = {}) =>
    runPersistently(run, { ...command, ...more }, persistence, repetition)
  return { call, calls, lines, cancel }
}

describe('a call', () => {
  test('that succeeds is made once', async () => {
    const { call, calls, lines } = tool({ stdout: 'done' })
    expect(await call()).toMatchObject({ exitCode: 0, stdout: 'done' })
    expect(calls).toHaveLength(1)
    expect(lines).toEqual([])
  })

  test('that an accident has ended is made again, and the log says why', async () => {
    const { call, calls, lines } = tool({ exitCode: 1, stderr: `warning: x\n${RESET}` }, { exitCode: 0 })
    expect(await call()).toMatchObject({ exitCode: 0 })
    expect(calls).toHaveLength(2)
    expect(lines).toEqual([`the tool is called again in 0.1 s: ${RESET}`])
  })

  test('that an accident ends each time is made three times', async () => {
    const { call, calls, lines } = tool({ exitCode: 7, stderr: RESET })
    expect(await call()).toMatchObject({ exitCode: 7, stderr: RESET })
    expect(calls).toHaveLength(3)
    expect(lines).toHaveLength(2)
  })

  test.each([
    ['refused', { exitCode: 1, stderr: 'unexpected status: 401 Unauthorized' }],
    ['refused in the course of accidents', { exitCode: 1, stderr: `${RESET}\ndenied: you may not` }],
    ['wrong', { exitCode: 1, stderr: 'no matching signatures: invalid signature' }],
    ['killed from outside', { exitCode: null, signal: 'SIGKILL', stderr: RESET }],
  ])('that is %s is not made again', async (_what, ending) => {
    const { call, calls } = tool(ending)
    expect(await call()).toMatchObject(ending)
    expect(calls).toHaveLength(1)
  })

  test('has less time with each try, and only the last one may be silent', async () => {
    const { call, calls } = tool({ exitCode: 1, stderr: RESET })
    await call()
    const limits = calls.map(({ timeLimit }) => timeLimit)
    expect(limits.every((limit, at) => at === 0 || limit < (limits[at - 1] ?? 0))).toBe(true)
    expect(limits[0]).toBeLessThanOrEqual(2000)
    expect(calls.map(({ silenceLimit }) => silenceLimit)).toEqual([2000 / 3, 2000 / 3, undefined])
    const long = tool({})
    await long.call({}, { timeLimit: 600_000 })
    expect(long.calls[0]?.silenceLimit).toBe(60_000)
  })

  test('that was silent is made again', async () => {
    const { call, calls, lines } = tool({ exitCode: null, signal: 'SIGTERM', wasSilent: true }, { exitCode: 0 })
    expect(await call()).toMatchObject({ exitCode: 0 })
    expect(calls).toHaveLength(2)
    expect(lines).toEqual(['the tool is called again in 0.1 s: it said nothing new for 0.7 s'])
  })

  test('that is silent until its time is over took too long', async () => {
    const silent = tool({ exitCode: null, signal: 'SIGTERM', wasSilent: true, stderr: 'its last words' })
    const error = await failureOf(() => silent.call({}, { timeLimit: 0.001 }))
    expect([error.code, silent.calls.length]).toEqual(['time-limit', 1])
    expect((error.cause as Error).message).toContain('its last words')
  })

  test('whose last try takes too long is said to have had the time of all', async () => {
    const cancelled = new AbortController().signal
    const run = processRunner(new Secrets(() => undefined), () => undefined, cancelled)
    const hanging = { ...command, file: 'sleep', args: ['60'], env: { PATH: process.env.PATH ?? '' }, timeLimit: 900 }
    const error = await failureOf(() => runPersistently(run, hanging, { cancelled, onRetry: () => undefined }))
    expect([error.code, error.message]).toEqual(['time-limit', expect.stringContaining('not finished after 0.9 s')])
  })

  test('that has done its work before it failed is not made again', async () => {
    const { call, calls } = tool({ exitCode: 1, stderr: RESET })
    expect(await call({ isDone: async () => true })).toMatchObject({ exitCode: 0 })
    expect(calls).toHaveLength(1)
    const open = tool({ exitCode: 1, stderr: RESET }, { exitCode: 0 })
    await open.call({ isDone: async () => false })
    expect(open.calls).toHaveLength(2)
  })

  test('is not made again when the job is cancelled', async () => {
    const { call, calls, cancel } = tool({ exitCode: 1, stderr: RESET })
    const ended = codeOf(() => call({}, { timeLimit: 600_000 }))
    setTimeout(() => cancel.abort(), 20)
    expect(await ended).toBe('step-cancelled')
    expect(calls).toHaveLength(1)
  })
})

describe('a real program', () => {
  const cancelled = new AbortController().signal
  const run = processRunner(new Secrets(() => undefined), () => undefined, cancelled)
  const bash = (text: string, limits: Partial<Command>) =>
    run({ ...command, file: 'bash', args: ['-c', text], env: { PATH: process.env.PATH ?? '' }, ...limits })

  test('that falls silent is ended, also while it draws the same again and again', async () => {
    const text = 'echo begun; while :; do echo "elapsed: $SECONDS s"; sleep 0.05; done'
    const finished = await bash(text, { silenceLimit: 500, timeLimit: 30_000 })
    expect(finished).toMatchObject({ exitCode: null, wasSilent: true })
    expect(finished.stdout).toContain('begun')
    expect(finished.duration).toBeLessThan(20_000)
  })

  test('that says something new now and then is left alone', async () => {
    const text = 'for i in 1 2 3 4 5 6 7 8; do sleep 0.2; echo $i; done'
    const finished = await bash(text, { silenceLimit: 1000, timeLimit: 30_000 })
    expect(finished.exitCode).toBe(0)
    expect(finished.wasSilent).toBeUndefined()
  })

  test('is heard beyond what is shown of it', async () => {
    const text = 'for i in 1 2 3 4 5 6 7 8; do seq $((i * 10000)) $((i * 10000 + 2000)); sleep 0.2; done'
    expect((await bash(text, { silenceLimit: 1000, timeLimit: 30_000 })).exitCode).toBe(0)
  })
})
