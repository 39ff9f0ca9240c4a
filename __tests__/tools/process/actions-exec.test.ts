/**
 * Why programs are not started through @actions/exec: three promises of the runner that it cannot keep, since the child process is
 * never handed out. When a test here fails, a new version keeps that promise, and docs/architecture.md is to be read again.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { exec } from '@actions/exec'
import { expect, test } from '@jest/globals'

const ROOT = resolve(import.meta.dirname, '..', '..', '..')

/** Runs a few lines in a process of their own, which may die of them. */
function inProcess(lines: string, ...flags: readonly string[]): { code: number | null; output: string } {
  const text = `import { exec } from '@actions/exec'\nconst quiet = { silent: true, ignoreReturnCode: true }\n${lines}`
  const words = [...flags, '--input-type=module', '--eval', text]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { code: status, output: `${stdout}${stderr}` }
}

test('a tool that leaves its input unread ends the whole step', () => {
  const ended = inProcess(`await exec('true', [], { ...quiet, input: Buffer.alloc(4 << 20) })\nconsole.log('went on')`)
  expect(ended.output).toMatch(/EPIPE/)
  expect(ended.output).not.toMatch(/went on/)
})

test('which signal has ended a tool is not known', async () => {
  expect(await exec('sh', ['-c', 'kill -KILL $$'], { silent: true, ignoreReturnCode: true })).toBeNull()
})

test('a line without an end fills the memory', () => {
  const line = `await exec('head', ['-c', '20000000', '/dev/zero'], quiet)\nconsole.log('went on')`
  expect(inProcess(line, '--max-old-space-size=16').output).toMatch(/heap/)
})
