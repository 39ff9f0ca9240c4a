// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { describe, expect, test } from '@jest/globals'
import { useScratch } from './fixture'

const scratch = useScratch()

describe('the environment of a step', () => {
  test('holds what the runner gives and nothing of the test process or of the inputs', async () => {
    const before = process.env.PATH
    Object.assign(process.env, { LEAKED_FROM_TEST: 'yes', PATH: `/x/node_modules/.bin:${before}` })
    const run = await scratch.run(
      { inputs: { key: {} }, steps: ['env -0 | sort -z | tr "\\0" "\\n"'] },
      { with: { key: 'k' }, env: { MINE: '1', USER: undefined }, github: { token: 'tok-123', event_name: 'schedule' } },
    )
    delete process.env.LEAKED_FROM_TEST
    process.env.PATH = before
    expect(run.rawLog).not.toContain('node_modules')
    const env = Object.fromEntries(run.rawLog.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)))
    expect(env).toMatchObject({ CI: 'true', GITHUB_ACTIONS: 'true', MINE: '1', GITHUB_EVENT_NAME: 'schedule' })
    expect(env).toMatchObject({
      RUNNER_TEMP: run.files.temp,
      GITHUB_WORKSPACE: run.files.workspace,
      RUNNER_OS: 'Linux',
    })
    const names = Object.keys(env)
    expect(names.filter((name) => /^INPUT_|RUNTIME_TOKEN|TOKEN|DEBUG|LEAKED|JEST|^npm_|^USER$/.test(name))).toEqual([])
  })

  test('has the OIDC variables only where the job has them, masked and not listed', async () => {
    const run = await scratch.run(
      { steps: ['echo "$ACTIONS_ID_TOKEN_REQUEST_TOKEN"'] },
      { env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc-1' } },
    )
    expect(run.rawLog).toBe('oidc-1\n')
    expect(run.log).toContain('\n***\n')
    expect(run.log).not.toContain('ACTIONS_ID_TOKEN_REQUEST_TOKEN: ')
  })

  test('takes step env over job env, and the runner has the last word', async () => {
    const run = await scratch.run(
      {
        steps: [
          {
            env: { A: 'step ${{ env.B }}', GITHUB_SHA: 'fake', 'WITH-DASH': 'd' },
            run: 'echo "$A $GITHUB_SHA"; env | grep WITH-DASH',
          },
          'echo "$A"',
        ],
      },
      { env: { A: 'job', B: 'b' }, github: { sha: 'real' } },
    )
    expect(run.rawLog).toBe('step b real\nWITH-DASH=d\njob\n')
  })

  test("has an event payload and the action's folder", async () => {
    const run = await scratch.run(
      { steps: ['cat "$GITHUB_EVENT_PATH"; ls "$GITHUB_ACTION_PATH"; echo "$GITHUB_ACTION ${{ github.event.n }}"'] },
      { github: { event: { n: 7 } } },
    )
    expect(run.rawLog).toBe('{\n  "n": 7\n}action.yml\n__run 7\n')
  })
})

describe('a script', () => {
  test('runs by bash with -e and pipefail, from the workspace, without standard input', async () => {
    const run = await scratch.run({ steps: ['pwd; cat; false | true; echo never'] })
    expect(run.rawLog).toBe(`${run.files.workspace}\n`)
    expect(run.steps[0]).toMatchObject({ outcome: 'failure', exitCode: 1 })
    expect(run.annotations).toEqual([{ level: 'error', message: 'Process completed with exit code 1.' }])
    expect(run.log).toMatch(/shell: \S+bash --noprofile --norc -e -o pipefail \{0\}\n/)
  })

  test('takes a shell template and a working directory', async () => {
    const run = await scratch.run({
      steps: [
        'mkdir -p "sub/${{ github.actor }}"',
        {
          shell: 'sh -eu {0} arg',
          'working-directory': 'sub/${{ github.actor }}',
          run: 'echo "$1 ${PWD##*/} ${BASH_VERSION-none}"',
        },
        { shell: 'sh -e {0}', 'working-directory': 'nowhere', run: 'echo x' },
        { if: 'always()', shell: 'fish', run: 'echo x' },
        { if: 'always()', shell: 'nosuchshell {0}', run: 'echo x' },
      ],
    })
    expect(run.steps.map((step) => step.outcome)).toEqual(['success', 'success', 'failure', 'failure', 'failure'])
    expect(run.rawLog).toBe('arg octocat none\n')
    expect(run.annotations.map((a) => a.message)).toEqual([
      expect.stringContaining("/nowhere'. No such file or directory"),
      expect.stringContaining("format string containing '{0}'"),
      expect.stringContaining('nosuchshell'),
    ])
  })

  test('that dies by a signal has an exit code above 128', async () => {
    const run = await scratch.run({ steps: ['kill -TERM $$'] })
    expect(run.steps[0]).toMatchObject({ exitCode: 143, signal: 'SIGTERM', outcome: 'failure' })
  })

  test('has both of its streams read, by lines, also the last without an end', async () => {
    const run = await scratch.run({ steps: ['printf "a\\r\\nb\\rc\\nlast"; printf "ö-err" >&2'] })
    expect(run.rawLog.split('\n').sort()).toEqual(['', 'a', 'b', 'c', 'last', 'ö-err'])
  })
})

describe('a refused command', () => {
  test('fails its step', async () => {
    const run = await scratch.run({ steps: ['echo "::set-env name=A::1"'] })
    expect([run.conclusion, run.steps[0]?.exitCode]).toEqual(['failure', 0])
    expect(run.annotations[1]?.message).toContain('The `set-env` command is disabled')
  })
})

describe('inputs and outputs', () => {
  test('have defaults, also from expressions; an empty value counts as given; unknown names only warn', async () => {
    const run = await scratch.run(
      {
        inputs: {
          token: { default: '${{ github.token }}' },
          number: { default: 3 },
          given: { default: 'unused' },
          need: { required: true },
          old: { deprecationMessage: 'use new' },
        },
        steps: [{ env: { ALL: '${{ toJSON(inputs) }}' }, run: 'echo $ALL' }],
      },
      { with: { GIVEN: '', other: 'x', old: '1' }, github: { token: 'tok-1' } },
    )
    expect(JSON.parse(run.rawLog)).toEqual({ token: 'tok-1', number: '3', given: '', need: '', old: '1' })
    expect(run.conclusion).toBe('success')
    expect(run.annotations).toEqual([
      {
        level: 'warning',
        message: "Unexpected input(s) 'other', valid inputs are ['token', 'number', 'given', 'need', 'old']",
      },
      { level: 'warning', message: "Input 'old' has been deprecated with message: use new" },
    ])
  })

  test('of the composite come from its steps by expression, also after a failure', async () => {
    const run = await scratch.run(
      {
        outputs: {
          a: '${{ steps.one.outputs.a }}-${{ steps.one.outcome }}',
          none: '${{ steps.two.outputs.x }}',
          s: 'has hush in it',
        },
        steps: [
          { id: 'one', run: 'echo a=1 >> "$GITHUB_OUTPUT"; exit 3' },
          { id: 'two', run: 'echo x=2 >> "$GITHUB_OUTPUT"' },
        ],
      },
      { secrets: ['hush'] },
    )
    expect(run.conclusion).toBe('failure')
    expect(run.outputs).toEqual({ a: '1-failure', none: '', s: 'has hush in it' })
    expect(run.droppedOutputs).toEqual(['s'])
  })
})

describe('conditions', () => {
  test('decide which steps run after a failure', async () => {
    const run = await scratch.run({
      steps: [
        { id: 'bad', run: 'exit 1' },
        { id: 'plain', run: 'echo plain' },
        { id: 'implicit', if: 'inputs.x == null', run: 'echo implicit' },
        { id: 'failed', if: 'failure()', run: 'echo failed ${{ github.action_status }}' },
        { id: 'always', if: '${{ always() }}', run: 'echo always' },
        { id: 'cancelled', if: 'cancelled()', run: 'echo cancelled' },
      ],
      inputs: { x: {} },
    })
    expect(run.rawLog).toBe('failed failure\nalways\n')
    expect(run.steps.filter((step) => step.skipped).map((step) => step.id)).toEqual(['plain', 'implicit', 'cancelled'])
    expect(run.steps[1]).toMatchObject({ outcome: 'skipped', exitCode: undefined, log: '' })
  })

  test('see outcome and conclusion; continue-on-error keeps the composite successful', async () => {
    const run = await scratch.run({
      inputs: { soft: { default: 'yes' } },
      steps: [
        { id: 'bad', run: 'exit 1', 'continue-on-error': "${{ inputs.soft == 'yes' }}" },
        { run: 'echo ${{ steps.bad.outcome }} ${{ steps.bad.conclusion }}', if: "steps.bad.outcome == 'failure'" },
      ],
    })
    expect([run.rawLog, run.conclusion]).toEqual(['failure success\n', 'success'])
    expect(run.steps[0]).toMatchObject({ outcome: 'failure', conclusion: 'success' })
  })

  test('that cannot be evaluated end the composite', async () => {
    const run = await scratch.run({
      steps: [
        { if: "fromJSON('{') == 1", run: 'echo one' },
        { if: 'always()', run: 'echo two' },
      ],
    })
    expect([run.conclusion, run.rawLog, run.steps.length]).toEqual(['failure', '', 1])
  })

  test('an env that cannot be evaluated fails its step only', async () => {
    const run = await scratch.run({
      steps: [
        { env: { A: "${{ fromJSON('{') }}" }, run: 'echo one' },
        { if: 'always()', run: 'echo two' },
      ],
    })
    expect([run.conclusion, run.rawLog]).toEqual(['failure', 'two\n'])
  })

  test('continueOnError of the call makes a failure a success', async () => {
    const run = await scratch.run({ steps: ['exit 1'] }, { continueOnError: true })
    expect([run.outcome, run.conclusion]).toEqual(['failure', 'success'])
  })
})
