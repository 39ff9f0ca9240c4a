// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { describe, expect, test } from '@jest/globals'
import { useScratch } from './fixture'

const scratch = useScratch()

describe('the log', () => {
  test('shows the call and each script with its environment, masked', async () => {
    const seen: string[] = []
    const run = await scratch.run(
      { inputs: { a: {} }, steps: [{ env: { KEY: '${{ inputs.a }}', N: '2' }, run: 'echo one\necho "$KEY"' }] },
      {
        with: { a: 'line1\nline2' },
        secrets: ['line1\nline2'],
        uses: './sign',
        env: { JOB: 'j' },
        onLine: (line) => seen.push(line),
      },
    )
    expect(run.log.replace(/shell: .*/, 'shell: S')).toBe(
      [
        ...['##[group]Run ./sign', 'with:', '  a: ***', 'env:', '  JOB: j', '##[endgroup]'],
        ...['##[group]Run echo one', 'echo one', 'echo "$KEY"', 'shell: S', 'env:', '  JOB: j', '  KEY: ***', '  N: 2'],
        ...['##[endgroup]', 'one', '***', '***', ''],
      ].join('\n'),
    )
    expect(run.rawLog).toBe('one\nline1\nline2\n')
    expect(seen.join('\n')).toBe(run.log.trimEnd())
    expect(run.steps[0]?.log).toMatch(/^##\[group\]Run echo one[\s\S]*\*\*\*$/)
  })

  test('has debug lines in debug mode only', async () => {
    const fixture = { steps: ['echo "::debug::deep"; echo "[${RUNNER_DEBUG-}]"'] }
    expect((await scratch.run(fixture)).log).not.toContain('##[debug]')
    expect((await scratch.run(fixture, { runner: { debug: true } })).log).toContain('##[debug]deep\n[1]\n')
  })

  test('limits annotations over all steps together', async () => {
    const script = 'for i in 1 2 3 4 5 6; do echo "::error::$i"; done'
    const run = await scratch.run({ steps: [script, `${script}; exit 1`] })
    expect(run.annotations.map((a) => a.message)).toEqual(['1', '2', '3', '4', '5', '6', '1', '2', '3', '4'])
    expect(run.droppedAnnotations).toBe(3)
  })

  test('masks what an earlier step has registered, and tells it', async () => {
    const run = await scratch.run({
      steps: ['echo "::add-mask::a-b-c"', 'echo "x a-b-c"; echo "o=a-b-c" >> "$GITHUB_OUTPUT"'],
    })
    expect(run.log).toContain('\nx ***\n')
    expect(run.masks).toContain('a-b-c')
    expect(run.steps[1]?.outputs).toEqual({ o: 'a-b-c' })
  })
})
