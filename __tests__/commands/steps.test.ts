import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { cleanup } from '../../src/commands/cleanup'
import { setup } from '../../src/commands/setup'
import { keys } from '../../src/commands/sign-keys'
import { makeStep, openSession, type Step } from '../../src/commands/step'
import { Session } from '../../src/tools/files/session'
import { codeOf, everyWordOf, failureOf } from '../support/failure'
import { ecPair, keyLines, pkcs8, publicHalf, spki } from '../support/keys'
import { script, temporaryFolders } from '../support/temporary'
import { type RecordedWorkflow, recordedWorkflow } from '../support/workflow'

const folder = temporaryFolders()

/** A step with this environment, whose workflow records. */
function stepWith(environment: NodeJS.ProcessEnv, ...words: string[]): Step & { workflow: RecordedWorkflow } {
  const workflow = recordedWorkflow()
  const step = makeStep(words, environment, new AbortController().signal)
  step.secrets.add = (secret) => void workflow.masks.push(secret)
  return { ...step, workflow }
}

describe('install tools', () => {
  const machine = (finch = '1.18.0', cosign = '3.0.5') => {
    const root = folder()
    for (const path of ['bin', 'libexec/finch', 'temp']) mkdirSync(join(root, path), { recursive: true })
    script(join(root, 'bin'), 'finch', `printf 'Client:\\n Version:\\tv${finch}\\n'`)
    script(join(root, 'libexec/finch'), 'cosign', `echo '{"gitVersion":"v${cosign}"}'`)
    return {
      root,
      environment: {
        PATH: `${join(root, 'bin')}:/usr/bin:/bin`,
        RUNNER_TEMP: join(root, 'temp'),
        INPUT_GITHUB_TOKEN: 'ghs_token',
      },
    }
  }

  test('finds them, says where, and begins a session', async () => {
    const { root, environment } = machine()
    const step = stepWith(environment, 'session')
    await setup(step)
    expect(Object.fromEntries(step.workflow.outputs)).toEqual({
      'finch-version': '1.18.0',
      'finch-path': join(root, 'bin/finch'),
      'cosign-version': '3.0.5',
      'cosign-path': join(root, 'libexec/finch/cosign'),
      'cache-hit': 'true',
      session: expect.stringContaining(join(root, 'temp', 'finch-signing-')),
    })
    const { state } = Session.open(step.workflow.outputs.get('session') ?? '')
    expect(state).toMatchObject({ owner: process.ppid, tools: { finch: { version: '1.18.0' } } })
    expect(step.workflow.masks).toContain('ghs_token')
  })

  test('alone leaves nothing behind', async () => {
    const step = stepWith(machine().environment)
    await setup(step)
    expect(step.workflow.outputs.has('session')).toBe(false)
  })

  test.each([
    ['1.15.0', '3.0.5', 'finch-version-refused'],
    ['1.18.0', '3.0.2', 'cosign-version-refused'],
  ])('refuses Finch %s with cosign %s', async (finch, cosign, code) => {
    const step = stepWith({ ...machine(finch, cosign).environment, INPUT_FINCH_VERSION: 'system' }, 'session')
    expect(await codeOf(() => setup(step))).toBe(code)
    expect(step.workflow.outputs.size).toBe(0)
  })
})

describe('load keys', () => {
  const pair = ecPair()
  const load = (inputs: NodeJS.ProcessEnv) => {
    const session = Session.create(folder(), process.pid)
    return {
      session,
      step: stepWith({ SESSION: session.folder, INPUT_IMAGE: 'app', INPUT_TAGS: 'ghcr.io/app:1', ...inputs }),
    }
  }

  test('leaves the public halves and no private one', async () => {
    const { session, step } = load({ INPUT_KEY: pkcs8(pair), INPUT_PUBLIC_KEY: spki(pair) })
    await keys(step)
    expect(step.workflow.outputs.get('key-fingerprint')).toBe(publicHalf(pair).fingerprint)
    expect(openSession(step).state.keys).toEqual([publicHalf(pair)])
    const stored = readFileSync(join(session.folder, 'session.json'), 'utf8')
    for (const line of keyLines(pkcs8(pair))) expect(stored).not.toContain(line)
  })

  test('masks key and password before it fails', async () => {
    const { step } = load({ INPUT_KEY: pkcs8(pair, 'right'), INPUT_KEY_PASSWORD: 'wrong password' })
    const error = await failureOf(() => keys(step))
    expect(error.code).toBe('key-password')
    expect(step.workflow.masks).toContain('wrong password')
    expect(everyWordOf(error)).not.toContain('wrong password')
  })

  test('says when a key had to be mended', async () => {
    const { step } = load({ INPUT_KEY: pkcs8(pair).replaceAll('\n', ' ') })
    await keys(step)
    expect(step.workflow.notices).toHaveLength(1)
  })

  test('refuses a key that is not the one of public-key', async () => {
    const { step } = load({ INPUT_KEY: pkcs8(pair), INPUT_PUBLIC_KEY: spki(ecPair()) })
    expect(await codeOf(() => keys(step))).toBe('key-mismatch')
  })

  test('needs the session of an earlier step', async () => {
    expect(await codeOf(() => keys(stepWith({ INPUT_KEY: pkcs8(pair) }, 'private')))).toBe('session-missing')
  })
})

describe('clean up', () => {
  test('removes the session with all that is in it', async () => {
    const temporary = folder()
    const session = Session.create(temporary, process.pid)
    writeFileSync(join(session.dockerConfig, 'config.json'), '{}')
    await cleanup(stepWith({ SESSION: session.folder, RUNNER_TEMP: temporary }))
    expect(existsSync(session.folder)).toBe(false)
  })
  test('does nothing where no session was begun, or where it names a foreign folder', async () => {
    const foreign = folder()
    await cleanup(stepWith({ RUNNER_TEMP: foreign }))
    await cleanup(stepWith({ SESSION: foreign, RUNNER_TEMP: folder() }))
    expect(existsSync(foreign)).toBe(true)
  })
})
