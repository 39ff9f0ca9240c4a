// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { describe, expect, test } from '@jest/globals'
import { parsePairs } from './file-commands'
import { useScratch } from './fixture'

describe('parsePairs', () => {
  test.each([
    ['a=1\n\nb=x=y\na=2\n', { a: '2', b: 'x=y' }],
    ['a<<EOF\none\n\ntwo=2\nEOF\nb=<<x\n', { a: 'one\n\ntwo=2', b: '<<x' }],
    ['a<<E\nE\n', { a: '' }],
    ['a<<E\nx\r\nE', { a: 'x\r' }],
    ['', {}],
  ])('%j', (content, pairs) => {
    expect(parsePairs(content)).toEqual(pairs)
  })

  test.each([
    ['nonsense', "Invalid format 'nonsense'"],
    ['=x', "Invalid format '=x'. Name must not be empty"],
    ['<<E\nE', 'Name must not be empty and delimiter must not be empty'],
    ['a<<\n', 'delimiter must not be empty'],
    ['a<<E\nx\n E', "Matching delimiter not found 'E'"],
  ])('%j is an error', (content, message) => {
    expect(() => parsePairs(content)).toThrow(message)
  })
})

describe("a step's files", () => {
  const scratch = useScratch()

  test('GITHUB_ENV and GITHUB_PATH reach the steps after it only', async () => {
    const run = await scratch.run({
      steps: [
        'echo "NEW=1" >> "$GITHUB_ENV"; echo /first >> "$GITHUB_PATH"; echo /second >> "$GITHUB_PATH"; echo "now ${NEW-none}"',
        'echo "then $NEW ${PATH:0:15}"; echo "CI=mine" >> "$GITHUB_ENV"; echo GITHUB_SHA=mine >> "$GITHUB_ENV"',
        { run: 'echo "context ${{ env.NEW }} $CI $GITHUB_SHA"' },
      ],
    })
    expect(run.rawLog).toMatch(/^now none\nthen 1 \/second:\/first:\ncontext 1 mine 0123/)
    expect(run.exportedEnv).toEqual({ NEW: '1', CI: 'mine', GITHUB_SHA: 'mine' })
    expect(run.addedPath).toEqual(['/second', '/first'])
  })

  test('NODE_OPTIONS is refused, without failing the step', async () => {
    const run = await scratch.run({
      steps: ['printf "NODE_OPTIONS=--x\\nA=1\\n" >> "$GITHUB_ENV"', 'echo "[${NODE_OPTIONS-}$A]"'],
    })
    expect(run.conclusion).toBe('success')
    expect(run.rawLog).toBe('[1]\n')
    expect(run.annotations).toEqual([
      { level: 'error', message: "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command." },
    ])
  })

  test('a bad output file fails the step and says why', async () => {
    const run = await scratch.run({ steps: [{ id: 'a', run: 'echo nonsense >> "$GITHUB_OUTPUT"' }] })
    expect(run.conclusion).toBe('failure')
    expect(run.steps[0]).toMatchObject({ exitCode: 0, outcome: 'failure' })
    expect(run.annotations.map((a) => a.message)).toEqual([
      "Unable to process file command 'output' successfully.",
      "Invalid format 'nonsense'",
    ])
  })

  test('summaries are joined and masked', async () => {
    const run = await scratch.run(
      { steps: ['echo "# one" >> "$GITHUB_STEP_SUMMARY"', 'echo "two hush" >> "$GITHUB_STEP_SUMMARY"'] },
      { secrets: ['hush'] },
    )
    expect(run.summary).toBe('# one\ntwo ***\n')
  })

  test('a summary above 1 MiB is dropped with an error annotation', async () => {
    const run = await scratch.run({
      steps: [
        'head -c 1048576 /dev/zero | tr "\\0" x >> "$GITHUB_STEP_SUMMARY"',
        'head -c 1048577 /dev/zero | tr "\\0" y >> "$GITHUB_STEP_SUMMARY"',
      ],
    })
    expect(run.summary).toBe('x'.repeat(1048576))
    expect(run.conclusion).toBe('success')
    expect(run.annotations[0]?.message).toContain('supports content up to a size of 1024k, got 1024k')
  })

  test('may be removed by the step', async () => {
    const run = await scratch.run({ steps: ['rm "$GITHUB_OUTPUT" "$GITHUB_STEP_SUMMARY"'] })
    expect(run.conclusion).toBe('success')
  })
})
