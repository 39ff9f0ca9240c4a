import { describe, expect, test } from '@jest/globals'
import { chooseRelease, parseRelease, type Release } from '../../../src/domain/releases/release'
import { type Platform, releaseAsset } from '../../../src/domain/releases/release-asset'

const LINUX: Platform = { os: 'linux', arch: 'x64' }
const DIGEST = 'a'.repeat(64)

function release(version: string, options: Partial<Release> = {}, platform = LINUX): Release {
  const finch = releaseAsset('finch', version, platform)?.name ?? ''
  const cosign = releaseAsset('cosign', version, platform)?.name ?? ''
  const assets = new Map([finch, cosign].map((name) => [name, { sha256: DIGEST }]))
  return { version, isPreview: false, assets, ...options }
}

describe('assets', () => {
  test.each([
    ['finch', 'linux', 'x64', 'runfinch-finch_1.18.0_amd64.deb', 'deb'],
    ['finch', 'linux', 'arm64', 'runfinch-finch_1.18.0_arm64.deb', 'deb'],
    ['finch', 'darwin', 'x64', 'Finch-v1.18.0-x86_64.pkg', 'pkg'],
    ['finch', 'darwin', 'arm64', 'Finch-v1.18.0-aarch64.pkg', 'pkg'],
    ['finch', 'win32', 'x64', 'Finch-v1.18.0.msi', 'msi'],
    ['cosign', 'linux', 'x64', 'cosign-linux-amd64', 'binary'],
    ['cosign', 'linux', 'arm', 'cosign-linux-arm', 'binary'],
    ['cosign', 'linux', 'ppc64', 'cosign-linux-ppc64le', 'binary'],
    ['cosign', 'linux', 's390x', 'cosign-linux-s390x', 'binary'],
    ['cosign', 'linux', 'riscv64', 'cosign-linux-riscv64', 'binary'],
    ['cosign', 'darwin', 'arm64', 'cosign-darwin-arm64', 'binary'],
    ['cosign', 'win32', 'x64', 'cosign-windows-amd64.exe', 'binary'],
  ] as const)('%s on %s %s is %s', (tool, os, arch, name, kind) => {
    expect(releaseAsset(tool, '1.18.0', { os, arch })).toEqual({ name, kind })
  })
  test.each(['finch', 'cosign'] as const)('%s has none for Windows on arm64', (tool) => {
    expect(releaseAsset(tool, '1.18.0', { os: 'win32', arch: 'arm64' })).toBeUndefined()
  })
})

describe('the description of a release', () => {
  const asset = (more: object) => ({ name: 'file', ...more })
  const parse = (more: object) => parseRelease({ tag_name: 'v1.2.3', assets: [], ...more })

  test('counts assets that are there in full', () => {
    const digest = `sha256:${DIGEST}`
    const assets = [asset({ state: 'uploaded', digest }), { name: 'half', state: 'starter', digest }]
    expect([...(parse({ assets })?.assets ?? [])]).toEqual([['file', { sha256: DIGEST }]])
  })
  test.each([undefined, null, 'md5:abc', `sha256:${'A'.repeat(64)}`, 'sha256:12'])('has no digest in %p', (digest) => {
    expect(parse({ assets: [asset({ digest })] })?.assets.get('file')?.sha256).toBeUndefined()
  })
  test.each([{ draft: true }, { prerelease: true }, { tag_name: 'v1.2.3-rc.1' }])('is a preview: %p', (more) => {
    expect(parse(more)?.isPreview).toBe(true)
  })
  test('is none when the tag is no version', () => {
    expect(parse({ tag_name: 'nightly' })).toBeUndefined()
  })
  test.each([[{}], [null], ['text'], [{ tag_name: 1, assets: [] }]])('is not read from %p', (value) => {
    expect(() => parseRelease(value)).toThrow()
  })
})

describe('the wanted release', () => {
  const choose = (wanted: string, releases: Release[], tool: 'finch' | 'cosign' = 'finch') =>
    chooseRelease(tool, wanted, releases, LINUX)?.version

  test('latest is the highest version, whatever their order', () => {
    expect(
      choose(
        'latest',
        ['1.17.5', '1.18.0', '1.9.0'].map((one) => release(one)),
      ),
    ).toBe('1.18.0')
  })
  test('has the asset of this platform', () => {
    const bare = release('1.19.0', { assets: new Map() })
    const mac = release('1.18.5', {}, { os: 'darwin', arch: 'x64' })
    expect(choose('latest', [bare, mac, release('1.18.0')])).toBe('1.18.0')
  })
  test('is no preview', () => {
    expect(choose('latest', [release('1.19.0', { isPreview: true }), release('1.18.0')])).toBe('1.18.0')
  })
  test('fits the range', () => {
    expect(
      choose(
        '~1.17.0',
        ['1.18.0', '1.17.2', '1.17.1'].map((one) => release(one)),
      ),
    ).toBe('1.17.2')
  })
  test('is none that must not be used', () => {
    expect(
      choose(
        '>=3.0.0 <3.0.5',
        ['3.0.4', '3.0.3'].map((one) => release(one)),
        'cosign',
      ),
    ).toBe('3.0.4')
    expect(choose('<=1.15', [release('1.15.0')])).toBeUndefined()
  })
})
