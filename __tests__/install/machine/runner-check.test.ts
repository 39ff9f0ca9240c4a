import { describe, expect, test } from '@jest/globals'
import {
  type RunnerFacts,
  refuseRunnerWithoutCosign,
  refuseUnsupportedRunner,
} from '../../../src/install/machine/runner-check'
import { failureOf } from '../../support/failure'

const HOSTED: RunnerFacts = {
  os: 'linux',
  arch: 'x64',
  imageOs: 'ubuntu24',
  isHosted: true,
  hasSystemd: true,
  isContainer: false,
}
const OWN = { isHosted: false, imageOs: '' }

describe('a runner that cannot work is told with what to use instead', () => {
  test.each<[string, Partial<RunnerFacts>, RegExp, RegExp]>([
    [
      'macos-15',
      { os: 'darwin', arch: 'arm64', imageOs: 'macos15' },
      /macOS on arm64/,
      /macos-15-intel.*ubuntu-24\.04/,
    ],
    ['windows-2022', { os: 'win32', imageOs: 'win22' }, /windows-2022/, /windows-2025/],
    ['windows-11-arm', { os: 'win32', arch: 'arm64', imageOs: 'win11-arm64' }, /Windows on arm64/, /windows-2025/],
    ["Windows arm64 of one's own", { ...OWN, os: 'win32', arch: 'arm64' }, /Windows on arm64/, /windows-2025/],
    [
      'ubuntu-slim',
      { imageOs: 'Linux', hasSystemd: false, isContainer: true },
      /ubuntu-slim/,
      /ubuntu-24\.04 or ubuntu-24\.04-arm/,
    ],
    ['Linux on s390x', { ...OWN, arch: 's390x' }, /Linux on s390x/, /ubuntu-24\.04/],
    ['Linux on arm', { ...OWN, arch: 'arm' }, /Linux on arm\b/, /ubuntu-24\.04/],
    ['FreeBSD', { ...OWN, os: 'freebsd' }, /freebsd/, /ubuntu-24\.04/],
  ])('%s', async (_, facts, what, instead) => {
    const error = await failureOf(() => refuseUnsupportedRunner({ ...HOSTED, ...facts }))
    expect(error.code).toBe('runner-unsupported')
    expect(error.message).toMatch(what)
    expect(error.why).not.toBe('')
    expect(error.hint).toMatch(instead)
  })
})

describe('every other runner may try', () => {
  test.each<[string, Partial<RunnerFacts>]>([
    ['ubuntu-22.04', { imageOs: 'ubuntu22' }],
    ['ubuntu-24.04-arm', { arch: 'arm64' }],
    ['a job in a container on ubuntu-24.04', { hasSystemd: false, isContainer: true }],
    ["a container of one's own", { ...OWN, hasSystemd: false, isContainer: true, imageOs: 'Linux' }],
    ['macos-15-intel', { os: 'darwin', imageOs: 'macos15' }],
    ["a Mac of one's own on arm64", { ...OWN, os: 'darwin', arch: 'arm64' }],
    ['windows-2025', { os: 'win32', imageOs: 'win25' }],
    ["a Windows of one's own", { ...OWN, os: 'win32' }],
  ])('%s', (_, facts) => {
    expect(() => refuseUnsupportedRunner({ ...HOSTED, ...facts })).not.toThrow()
  })
})

describe('cosign alone', () => {
  test.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['linux', 'arm'],
    ['linux', 'ppc64'],
    ['linux', 's390x'],
    ['linux', 'riscv64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ])('works on %s, %s', (os, arch) => {
    expect(() => refuseRunnerWithoutCosign({ os, arch })).not.toThrow()
  })

  test.each([
    ['win32', 'arm64'],
    ['linux', 'mips'],
    ['freebsd', 'x64'],
    ['linux', 'constructor'],
    ['toString', 'x64'],
  ])('is refused on %s, %s', async (os, arch) => {
    const error = await failureOf(() => refuseRunnerWithoutCosign({ os, arch }))
    expect([error.code, error.title]).toEqual(['runner-unsupported', 'cosign has no program for this runner'])
    expect(error.message).toContain(`${os} on ${arch}`)
  })
})
