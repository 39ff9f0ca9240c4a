import { expect, test } from '@jest/globals'
import type { ProcessResult } from '../../../src/domain/calls/process-result'
import { killedFromOutside } from '../../../src/domain/calls/tool-killed'

test.each<[string, Pick<ProcessResult, 'exitCode' | 'signal'>, string, boolean]>([
  ['by the kernel', { exitCode: null, signal: 'SIGKILL' }, '', true],
  ['behind sudo or a shell', { exitCode: 137, signal: null }, '', true],
  ['below a tool', { exitCode: 255, signal: null }, 'time="now" level=info msg="pushing"\n', true],
  ['in no way, with an error of its own', { exitCode: 255, signal: null }, 'level=fatal msg="no such host"', false],
  ['by a fault of its own', { exitCode: null, signal: 'SIGSEGV' }, '', false],
  ['not at all', { exitCode: 1, signal: null }, '', false],
])('a tool killed %s', (_what, end, stderr, isKilled) => {
  const error = killedFromOutside('cosign sign a/b', end, stderr)
  expect(error?.code).toBe(isKilled ? 'tool-killed' : undefined)
  if (isKilled) expect(error?.message).toContain('cosign sign a/b')
})
