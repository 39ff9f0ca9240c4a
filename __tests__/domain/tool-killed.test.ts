import { expect, test } from '@jest/globals'
import { killedFromOutside, type ToolEnd } from '../../src/domain/tool-killed'

test.each<[string, ToolEnd, string, boolean]>([
  ['by the kernel', { exitCode: null, signal: 'SIGKILL' }, '', true],
  ['behind sudo or a shell', { exitCode: 137, signal: null }, '', true],
  ['below a tool', { exitCode: 1, signal: null }, 'time="now" level=fatal msg=x\nsignal: killed\n', true],
  ['in its words only', { exitCode: 1, signal: null }, 'no signal: killed in the middle of a line', false],
  ['although it says 0', { exitCode: 0, signal: null }, 'signal: killed', false],
  ['by a fault of its own', { exitCode: null, signal: 'SIGSEGV' }, '', false],
  ['not at all', { exitCode: 1, signal: null }, '', false],
])('a tool killed %s', (_what, end, stderr, isKilled) => {
  const error = killedFromOutside('cosign sign a/b', end, stderr)
  expect(error?.code).toBe(isKilled ? 'tool-killed' : undefined)
  if (isKilled) expect(error?.message).toContain('cosign sign a/b')
})
