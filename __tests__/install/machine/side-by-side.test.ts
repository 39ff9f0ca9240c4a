import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { besidePaths, finchSigningWith, viewScript } from '../../../src/install/machine/side-by-side'
import { script, temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const isRoot = process.getuid?.() === 0
const inView = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0 ? test : test.skip
const outside = isRoot ? test.skip : test

/** A Finch that calls its own cosign, as `finch push --sign` does, and another cosign. */
function machine() {
  const root = folder()
  for (const path of ['bin', 'libexec/finch', 'other', "it's here"]) mkdirSync(join(root, path), { recursive: true })
  const own = script(join(root, 'libexec/finch'), 'cosign', 'echo own')
  const finch = script(join(root, 'bin'), 'finch', `printf '<%s>' "$@"; '${own}'`)
  const other = script(join(root, 'other'), 'cosign', 'echo other')
  return { root, own, finch, other, place: join(root, "it's here") }
}

const say = (path: string, ...args: string[]): string => execFileSync(path, args, { encoding: 'utf8' })

describe('a Finch that signs with another cosign', () => {
  inView('calls it, and the file of its own is as it was', () => {
    const { finch, other, own, place } = machine()
    const before = readFileSync(own)
    const made = finchSigningWith(place, finch, other)
    expect(say(made, 'push', 'a b', '$HOME', "'")).toBe("<push><a b><$HOME><'>other\n")
    expect(say(finch, 'x')).toBe('<x>own\n')
    expect(readFileSync(own).equals(before)).toBe(true)
    expect(realpathSync(join(place, 'libexec/finch/cosign'))).toBe(other)
  })

  inView('can itself be made to sign with a third one', () => {
    const { root, finch, other, place } = machine()
    const third = script(root, 'third', 'echo third')
    const second = finchSigningWith(place, finch, other)
    expect(say(finchSigningWith(join(root, 'again'), second, third), 'x')).toBe('<x>third\n')
    expect(say(second, 'x')).toBe('<x>other\n')
  })

  inView('passes on how the call ended, and signals reach it', () => {
    const { root, other, own, place } = machine()
    const failing = script(join(root, 'bin'), 'finch', `'${own}'; exit 10`)
    const made = finchSigningWith(place, failing, other)
    expect(spawnSync(made).status).toBe(10)
    script(join(root, 'bin'), 'finch', 'kill -TERM $$; sleep 5')
    expect(spawnSync(made).signal).toBe('SIGTERM')
  })

  inView('is killed and leaves nothing behind', () => {
    const { root, other, place } = machine()
    const made = finchSigningWith(place, script(join(root, 'bin'), 'finch', 'kill -KILL $$'), other)
    expect(spawnSync(made).signal).toBe('SIGKILL')
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(root)
    expect(say(join(root, 'libexec/finch/cosign'))).toBe('own\n')
  })

  test('is the Finch itself where it calls that cosign already, by whatever path', () => {
    const { root, finch, own, place } = machine()
    symlinkSync(own, join(root, 'linked'))
    expect(finchSigningWith(place, finch, own)).toBe(finch)
    expect(finchSigningWith(place, finch, join(root, 'linked'))).toBe(finch)
    expect(existsSync(join(place, 'bin'))).toBe(false)
  })

  outside('says that it needs root', () => {
    const { finch, other, place } = machine()
    const { status, stderr } = spawnSync(finchSigningWith(place, finch, other), { encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, expect.stringContaining('root')])
  })
})

inView('two calls with different views do not see each other', () => {
  const root = folder()
  const target = join(root, 'seen')
  mkdirSync(target)
  const scripts = ['one', 'two'].map((name) => {
    mkdirSync(join(root, name))
    script(join(root, name), 'tool', `echo ${name}`)
    const finch = script(root, `finch-${name}`, `for i in 1 2 3 4 5; do '${target}/tool'; sleep 0.05; done`)
    const text = viewScript('a view', finch, { source: join(root, name), target })
    return script(root, `view-${name}`, text.replace('#!/bin/sh\n', ''))
  })
  const both = `'${scripts[0]}' >'${root}/1' & '${scripts[1]}' >'${root}/2'; wait`
  execFileSync('bash', ['-c', both])
  expect(new Set(readFileSync(join(root, '1'), 'utf8').trim().split('\n'))).toEqual(new Set(['one']))
  expect(new Set(readFileSync(join(root, '2'), 'utf8').trim().split('\n'))).toEqual(new Set(['two']))
  expect(existsSync(join(target, 'tool'))).toBe(false)
})

test("those beside the machine's own are found by their folders", () => {
  const root = folder()
  expect(besidePaths(root)).toEqual([])
  for (const name of ['finch-1.17.0', 'finch-1.16.0', 'other'])
    mkdirSync(join(root, 'opt/finch-signing', name), { recursive: true })
  expect(besidePaths(root)).toEqual(
    ['finch-1.16.0', 'finch-1.17.0'].map((name) => join(root, 'opt/finch-signing', name, 'bin')),
  )
})
