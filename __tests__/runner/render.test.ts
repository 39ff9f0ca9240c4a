import { describe, expect, test } from '@jest/globals'
import { useScratch } from './fixture'
import { markdownToText } from './markdown-text'
import { renderJob, renderRun } from './render'
import { runSteps } from './sequence'

const scratch = useScratch()

const timeless = (text: string): string => text.replace(/\d+ ms|\d+\.\d s/g, 'T')

describe('renderRun', () => {
  test('shows steps, folded log, annotations, outputs and summary', async () => {
    const run = await scratch.run(
      {
        outputs: { digest: 'sha256:1', secret: 'hush', none: '' },
        steps: [
          {
            name: 'Install tools',
            run: 'echo "::group::Download"; echo 1; echo 2; echo "::endgroup::"; echo done; echo "# Signed" >> "$GITHUB_STEP_SUMMARY"',
          },
          {
            name: 'Sign',
            run: 'echo "::group::Details"; echo inside; echo "::endgroup::"; echo "::error title=No key,file=a.yml,line=3::not there"; exit 1',
          },
          { name: 'Never', run: 'echo never' },
        ],
      },
      { secrets: ['hush'] },
    )
    expect(timeless(renderRun(run))).toBe(
      [
        '✗ Fixture T',
        '  ✓ Install tools T',
        '    ▸ Download (2 lines)',
        '    done',
        '  ✗ Sign T',
        '    ▾ Details',
        '      inside',
        '    error: not there',
        '    error: Process completed with exit code 1.',
        '  – Never skipped',
        '',
        '  Annotations',
        '    error a.yml:3 No key: not there',
        '    error Process completed with exit code 1.',
        '',
        '  Outputs',
        '    digest  sha256:1',
        '    secret  ***  (would be dropped: holds a secret)',
        '',
        '  Summary',
        '    Signed',
        '    ══════',
        '',
      ].join('\n'),
    )
  })

  test('opens groups and paints on demand', async () => {
    const run = await scratch.run({ steps: [{ name: 'S', run: 'echo "::group::G"; echo in; echo "::endgroup::"' }] })
    expect(renderRun(run, { unfold: true })).toContain('    ▾ G\n      in\n')
    expect(renderRun(run, { color: true })).toContain('\u001b[32m✓\u001b[0m')
    expect(renderRun(run)).not.toContain('\u001b')
    expect(renderRun(run)).not.toMatch(/Outputs|Summary|Annotations/)
  })
})

test('renderJob shows scripts and actions in order', async () => {
  const uses = await scratch.action({ steps: [{ name: 'Inner', run: 'echo inside' }] })
  const run = await runSteps({}, [
    { name: 'Build', run: 'echo built' },
    { name: 'Sign it', uses },
  ])
  await run.dispose()
  expect(timeless(renderJob(run))).toBe('✓ Build T\n  built\n\n✓ Sign it T\n  ✓ Inner T\n    inside\n')
})

describe('markdownToText', () => {
  test('aligns tables and drops markup', () => {
    const markdown = [
      '## Images',
      '',
      '| image | result |',
      '| --- | :-: |',
      '| `a/b@sha256:1` | ✅ **signed** |',
      '| x \\| y | [log](https://x/1) |',
      '',
      '<details><summary>More</summary>',
      '',
      '- one',
      '> said',
      '</details>',
    ].join('\n')
    expect(markdownToText(markdown)).toBe(
      [
        ...['Images', '──────', ''],
        ...[
          'image         result',
          '────────────  ─────────────────',
          'a/b@sha256:1  ✅ signed',
          'x | y         log (https://x/1)',
        ],
        ...['', '▸ More', '', '• one', '│ said'],
      ].join('\n'),
    )
  })

  test('keeps code as it is, and text with a pipe', () => {
    expect(markdownToText('```sh\nfinch pull x | cat\n```\na | b\nc')).toBe('finch pull x | cat\na | b\nc')
  })
})
