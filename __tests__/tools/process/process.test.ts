import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { ProcessResult } from '../../../src/domain/calls/process-result'
import { type Command, processRunner } from '../../../src/tools/process/process'
import { processesOf } from '../../../src/tools/process/process-table'
import { Secrets } from '../../../src/tools/process/secrets'
import { codeOf, everyWordOf, failureOf } from '../../support/failure'
import { script, temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const env = { PATH: process.env.PATH ?? '' }

function runner(secret = '', cancel = new AbortController()) {
  const debug: string[] = []
  const secrets = new Secrets(() => undefined)
  if (secret !== '') secrets.add(secret)
  const run = processRunner(secrets, (line) => debug.push(line), cancel.signal)
  const bash = (text: string, more: Partial<Command> = {}): Promise<ProcessResult> =>
    run({ label: 'the tool', file: 'bash', args: ['-c', text], env, timeLimit: 20_000, ...more })
  return { run, bash, debug, cancel }
}

function isAlive(pidFile: string): boolean {
  const stat = (() => {
    try {
      return readFileSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}/stat`, 'utf8')
    } catch {
      return ''
    }
  })()
  return stat !== '' && !/\) Z /.test(stat)
}

async function waitForEnd(pidFile: string): Promise<void> {
  for (let i = 0; i < 200 && isAlive(pidFile); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(isAlive(pidFile)).toBe(false)
}

async function waitForFile(path: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    try {
      if (readFileSync(path, 'utf8') !== '') return
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`${path} never came`)
}

describe('a tool that ends by itself', () => {
  test('gives its exit code and both streams', async () => {
    const finished = await runner().bash('echo out; echo err >&2; exit 7')
    expect(finished).toMatchObject({ exitCode: 7, signal: null, stdout: 'out\n', stderr: 'err\n' })
    expect(finished.duration).toBeGreaterThan(0)
  })

  test('that a signal ends says so', async () => {
    expect(await runner().bash('kill -SEGV $$')).toMatchObject({ exitCode: null, signal: 'SIGSEGV' })
  })

  test('gets only the given environment', async () => {
    const { stdout } = await runner().bash('echo $HOME-$WORD', { env: { ...env, WORD: 'w' } })
    expect(stdout).toBe('-w\n')
  })

  test('reads its input, and nothing where there is none', async () => {
    expect((await runner().bash('cat', { input: 'some text' })).stdout).toBe('some text')
    expect((await runner().bash('cat')).stdout).toBe('')
  })

  test('may leave its input unread', async () => {
    expect((await runner().bash('exit 3', { input: 'x'.repeat(1_000_000) })).exitCode).toBe(3)
  })

  test('passes its whole lines on as they come, also the last one', async () => {
    const lines: string[] = []
    await runner().bash("printf 'one\\r\\ntwo\\nthree'", { onLine: (line) => lines.push(line) })
    expect(lines).toEqual(['one', 'two', 'three'])
  })

  test('is named in the debug log without secrets', async () => {
    const { bash, debug } = runner('hunter2-hunter2')
    await bash('exit 0')
    expect(debug[0]).toMatch(/^the tool: code 0, \d+ ms: bash -c exit 0$/)
  })
})

describe('what a tool may not do', () => {
  test('start with a secret in its arguments', async () => {
    const here = folder()
    const { run } = runner('hunter2-hunter2')
    const command = { label: 'finch', file: 'touch', args: [join(here, 'x-hunter2-hunter2-y')], env, timeLimit: 1000 }
    const error = await failureOf(() => run(command))
    expect(error.code).toBe('secret-in-arguments')
    expect(everyWordOf(error)).not.toContain('hunter2')
  })

  test('fill the memory: a line of 20 MB is cut', async () => {
    const lengths: number[] = []
    const finished = await runner().bash("head -c 20000000 /dev/zero | tr '\\0' x; echo; echo end", {
      onLine: (line) => lengths.push(line.length),
    })
    expect(finished.exitCode).toBe(0)
    expect(finished.stdout).toHaveLength(8 * 1024 * 1024)
    expect(finished.stdout).toMatch(/^xxxx.*\nend\n$/s)
    expect(lengths).toEqual([4096, 3])
  })

  test('fill the log: of 20000 lines the first ones are shown, and that there are more', async () => {
    const lines: string[] = []
    const finished = await runner().bash('seq 20000 >&2; exit 1', { onLine: (line) => lines.push(line) })
    expect(lines).toHaveLength(5001)
    expect(lines.slice(-2)).toEqual(['5000', expect.stringContaining('more than 5000 lines')])
    expect(finished.stderr.split('\n')).toHaveLength(20_001)
  })

  test('keep the step waiting by a child that holds its output', async () => {
    const pid = join(folder(), 'pid')
    const finished = await runner().bash(`sleep 60 & echo $! >${pid}; echo done`)
    expect(finished).toMatchObject({ exitCode: 0, stdout: 'done\n' })
    expect(finished.duration).toBeLessThan(30_000)
    await waitForEnd(pid)
  })
})

describe('the time limit', () => {
  test('ends the tool and every child, also one that ignores SIGTERM', async () => {
    const here = folder()
    const stubborn = script(here, 'stubborn', `trap '' TERM; echo $$ >${here}/inner; while :; do sleep 0.1; done`)
    const begin = performance.now()
    const error = await failureOf(() =>
      runner().bash(`echo $$ >${here}/outer; echo waiting >&2; ${stubborn} & wait`, { timeLimit: 600 }),
    )
    expect(error.code).toBe('time-limit')
    expect(error.message).toContain('0.6 s')
    expect(everyWordOf(error)).toContain('waiting')
    expect(performance.now() - begin).toBeLessThan(20_000)
    await waitForEnd(join(here, 'outer'))
    await waitForEnd(join(here, 'inner'))
  })

  test.each([
    ['has left its group', (daemon: string) => `setsid ${daemon} & sleep 60`],
    ['has left its group and lost its parent', (daemon: string) => `(setsid ${daemon} &); sleep 60`],
    ['outlives a tool that obeys', (daemon: string) => `trap 'exit 0' TERM; (setsid ${daemon} &); sleep 60 & wait`],
  ])('ends a child that %s', async (_what, tool) => {
    if (process.platform !== 'linux') return
    const here = folder()
    const loop = `trap '' TERM; echo $$ >${here}/pid; exec >/dev/null 2>&1; while :; do sleep 0.1; done`
    const code = await codeOf(() => runner().bash(tool(script(here, 'daemon', loop)), { timeLimit: 800 }))
    expect(code).toBe('time-limit')
    expect(readFileSync(join(here, 'pid'), 'utf8')).toMatch(/^\d+\n$/)
    await waitForEnd(join(here, 'pid'))
  })

  test('ends what a child starts while it is being ended', async () => {
    if (process.platform !== 'linux') return
    const here = folder()
    const restless = `trap '' TERM; exec >/dev/null 2>&1; while :; do setsid sleep 30 & sleep 0.003; done`
    const probe = `PROBE=${here}`
    const command = `(setsid ${script(here, 'restless', restless)} &); sleep 60`
    const code = await codeOf(() => runner().bash(command, { timeLimit: 500, env: { ...env, PROBE: here } }))
    expect(code).toBe('time-limit')
    expect(processesOf([], probe)).toEqual([])
  })

  test('ends a tool that itself ignores SIGTERM', async () => {
    const begin = performance.now()
    expect(await codeOf(() => runner().bash("trap '' TERM; while :; do sleep 0.1; done", { timeLimit: 300 }))).toBe(
      'time-limit',
    )
    expect(performance.now() - begin).toBeLessThan(20_000)
  })
})

test('the time limit ends the step also where sudo does not let the tool be ended', async () => {
  const here = folder()
  script(here, 'sudo', 'exit 1')
  try {
    const begin = performance.now()
    const text = `echo $$ >${here}/pid; exec sleep 60`
    expect(
      await codeOf(() =>
        runner().bash(text, { timeLimit: 300, throughSudo: true, env: { PATH: `${here}:${env.PATH}` } }),
      ),
    ).toBe('time-limit')
    expect(performance.now() - begin).toBeLessThan(20_000)
  } finally {
    process.kill(Number(readFileSync(join(here, 'pid'), 'utf8')), 'SIGKILL')
  }
})

describe('a cancelled job', () => {
  test('ends the tool and its children', async () => {
    const here = folder()
    const { bash, cancel } = runner()
    const ended = codeOf(() => bash(`sleep 60 & echo $! >${here}/child; wait`))
    await waitForFile(join(here, 'child'))
    cancel.abort()
    expect(await ended).toBe('step-cancelled')
    await waitForEnd(join(here, 'child'))
  })

  test('starts nothing more', async () => {
    const { bash, cancel } = runner()
    cancel.abort()
    expect(await codeOf(() => bash('exit 0'))).toBe('step-cancelled')
  })
})

test.each([
  ['does not exist', '/nonexistent/tool'],
  ['is not on PATH', 'no-such-tool-anywhere'],
  ['is not executable', '/etc/passwd'],
])('a tool that %s is an error that names it', async (_what, file) => {
  const error = await failureOf(() => runner().run({ label: 'x', file, args: [], env, timeLimit: 1000 }))
  expect(error.code).toBe('tool-not-runnable')
  expect(error.message).toContain(file)
})

test('keeps what a tool has printed when its end is seen first, on a machine with too much to do', async () => {
  const { bash } = runner()
  const block = (milliseconds: number): void => {
    const until = performance.now() + milliseconds
    while (performance.now() < until);
  }
  // The second tool ends while the first one's output is looked at; its end is then seen together with the first one's.
  const onLine = (): void => {
    block(1200)
    setImmediate(() => block(600))
  }
  const first = bash('echo first', { onLine })
  const second = bash('sleep 0.9; echo second')
  await new Promise((resolve) => setImmediate(resolve))
  block(500)
  expect([(await first).stdout, (await second).stdout]).toEqual(['first\n', 'second\n'])
})
