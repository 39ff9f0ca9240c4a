import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { activate } from '../../../src/install/packages/activate'
import { readArchive } from '../../../src/install/packages/deb-archive'
import { tar } from '../../bed/registry/tar'
import { type RecordedPorts, scratchPorts, verified } from '../../support/activation'
import { finchFiles, makeDeb, makeRawDeb } from '../../support/deb'
import { failureOf } from '../../support/failure'
import { script, temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()
const isRoot = process.getuid?.() === 0

function machine(): { ports: RecordedPorts; root: string; at: (path: string) => string } {
  const ports = scratchPorts(folder())
  return { ports, root: ports.root, at: (path) => join(ports.root, path) }
}

function put(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text, { mode: 0o755 })
}

/** All files below a folder, without those of locks. */
function listing(root: string): string[] {
  const all = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return all.filter((path) => !lstatSync(join(root, path)).isDirectory() && !path.startsWith('run/')).sort()
}

describe('the deb of Finch', () => {
  test.each(['gzip', 'xz', 'zstd', 'none'])('packed with %s is copied, and nothing else of it', async (compression) => {
    const { ports, at, root } = machine()
    const deb = makeDeb(folder(), finchFiles('1.18.0'), compression)
    expect(await activate(verified(deb, 'deb'), ports)).toEqual({ path: at('usr/bin/finch'), version: '1.18.0' })
    expect(listing(root)).toEqual(Object.keys(finchFiles('1.18.0')).sort())
    for (const program of ['usr/bin/finch', 'usr/libexec/finch/nerdctl', 'usr/libexec/finch/cni/bin/bridge'])
      expect(statSync(at(program)).mode & 0o777).toBe(0o755)
    expect(statSync(at('etc/finch/finch.yaml')).mode & 0o777).toBe(0o644)
    expect(existsSync(at('bin'))).toBe(false)
    expect(statSync(at('var/lib/finch/buildkit')).isDirectory()).toBe(true)
    expect(readdirSync(ports.temporary)).toEqual([])
  })

  test('is unpacked without dpkg', async () => {
    const { at, root, ports } = machine()
    const bin = folder()
    for (const tool of ['sh', 'tar', 'xz', 'mkdir', 'cp', 'chmod', 'chown', 'mv', 'rm', 'id', 'flock', 'ln'])
      symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(bin, tool))
    const run: typeof ports.run = (program) => ports.run({ ...program, env: { ...program.env, PATH: bin } })
    const deb = makeDeb(folder(), finchFiles('1.18.0'), 'xz')
    await activate(verified(deb, 'deb'), { ...ports, run })
    expect(listing(root)).toHaveLength(7)
    expect(readFileSync(at('usr/libexec/finch/nerdctl'), 'utf8')).toBe(
      finchFiles('1.18.0')['usr/libexec/finch/nerdctl'],
    )
  })

  test('keeps the settings that are there', async () => {
    const { ports, at } = machine()
    put(at('etc/finch/finch.yaml'), 'mine')
    put(at('etc/systemd/system/finch-buildkit.service'), 'mine too')
    await activate(verified(makeDeb(folder(), finchFiles('1.18.0')), 'deb'), ports)
    expect(readFileSync(at('etc/finch/finch.yaml'), 'utf8')).toBe('mine')
    expect(readFileSync(at('etc/systemd/system/finch-buildkit.service'), 'utf8')).toBe('mine too')
    expect(existsSync(at('etc/finch/nerdctl/nerdctl.toml'))).toBe(true)
  })

  test('leaves no half of Finch that looks whole, and the next run completes it', async () => {
    const { ports, at } = machine()
    const deb = makeDeb(folder(), finchFiles('1.18.0'))
    const stopped: RecordedPorts = {
      ...ports,
      run: (program) => {
        const lines = (program.input ?? '').split('\n')
        return ports.run(
          program.label === 'copying Finch'
            ? { ...program, input: `${lines.slice(0, 6).join('\n')}\nkilled` }
            : program,
        )
      },
    }
    expect((await failureOf(() => activate(verified(deb, 'deb'), stopped))).code).toBe('install-failed')
    expect(existsSync(at('usr/bin/finch'))).toBe(false)
    expect(existsSync(at('usr/libexec/finch/.finch-signing-begun'))).toBe(true)
    put(at('usr/libexec/finch/nerdctl'), 'half of another')
    expect((await activate(verified(deb, 'deb'), ports)).path).toBe(at('usr/bin/finch'))
    expect(readFileSync(at('usr/libexec/finch/nerdctl'), 'utf8')).toContain('nerdctl of 1.18.0')
    expect(existsSync(at('usr/libexec/finch/.finch-signing-begun'))).toBe(false)
  })

  test('replaces a file in one go: who has it open reads on', async () => {
    const { ports, at } = machine()
    put(at('usr/libexec/finch/cosign'), 'old')
    const inode = statSync(at('usr/libexec/finch/cosign')).ino
    await activate(verified(makeDeb(folder(), finchFiles('1.18.0')), 'deb'), ports)
    expect(statSync(at('usr/libexec/finch/cosign')).ino).not.toBe(inode)
  })
})

describe('a finch that is there already', () => {
  test.each([
    ['another version', { 'usr/bin/finch': '#!/bin/sh\n', 'usr/libexec/finch/nerdctl': 'its own' }],
    ['the chat program of that name', { 'usr/bin/finch': '#!/bin/sh\n' }],
    ['a Finch in another folder', { 'usr/local/bin/finch': '#!/bin/sh\n', 'usr/libexec/finch/nerdctl': 'its own' }],
  ])('%s: is left alone, and the wanted one goes beside it', async (_, present) => {
    const { ports, at } = machine()
    for (const [path, text] of Object.entries(present)) put(at(path), text)
    const { path } = await activate(verified(makeDeb(folder(), finchFiles('1.18.0')), 'deb'), ports)
    expect(path).toBe(at('opt/finch-signing/finch-1.18.0/bin/finch'))
    for (const [file, text] of Object.entries(present)) expect(readFileSync(at(file), 'utf8')).toBe(text)
    expect(readFileSync(at('opt/finch-signing/finch-1.18.0/libexec/finch/cosign'), 'utf8')).toContain(
      'cosign of 1.18.0',
    )
  })

  const inView = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0 ? test : test.skip
  inView('both answer, each with its own tools', async () => {
    const { ports, at, root } = machine()
    const files = (version: string) => ({
      ...finchFiles(version),
      'usr/bin/finch': `#!/bin/sh\necho front ${version}\nexec ${root}/usr/libexec/finch/nerdctl "$@"\n`,
      'usr/libexec/finch/nerdctl': `#!/bin/sh\necho "nerdctl ${version}: $*"\n${root}/usr/libexec/finch/cosign\n`,
      'usr/libexec/finch/cosign': `#!/bin/sh\necho cosign ${version}\n`,
    })
    const install = (version: string) =>
      activate(verified(makeDeb(folder(), files(version), 'gzip', version), 'deb', version), ports)
    const [first, second] = [await install('1.18.0'), await install('1.17.0')]
    const say = (path: string): string => execFileSync(path, ['a b', '*'], { encoding: 'utf8' })
    const plugins = `--cni-path=${at('opt/finch-signing/finch-1.17.0/libexec/finch/cni/bin')} `
    expect(say(first.path)).toBe('front 1.18.0\nnerdctl 1.18.0: a b *\ncosign 1.18.0\n')
    expect(say(second.path)).toBe(`front 1.17.0\nnerdctl 1.17.0: ${plugins}a b *\ncosign 1.17.0\n`)
    expect(say(first.path)).toContain('nerdctl 1.18.0')
    const third = await install('1.16.0')
    expect(say(third.path)).toContain('cosign 1.16.0')
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(root)
  })

  test('two installations at once leave one of them at its place, whole', async () => {
    const { ports, at } = machine()
    const versions = ['1.18.0', '1.17.0']
    const debs = versions.map((version) => makeDeb(folder(), finchFiles(version), 'gzip', version))
    const made = await Promise.all(debs.map((deb, index) => activate(verified(deb, 'deb', versions[index]), ports)))
    const own = made.find(({ path }) => path === at('usr/bin/finch'))
    expect(made.filter(({ path }) => path === at('usr/bin/finch'))).toHaveLength(1)
    for (const path of ['usr/bin/finch', 'usr/libexec/finch/nerdctl', 'usr/libexec/finch/cosign'])
      expect(readFileSync(at(path), 'utf8')).toContain(own?.version ?? 'none')
  })
})

describe('what is refused', () => {
  test('a link that leads out of the root', async () => {
    const { ports, at } = machine()
    const outside = folder()
    mkdirSync(at('usr'))
    symlinkSync(outside, at('usr/libexec'))
    const error = await failureOf(() => activate(verified(makeDeb(folder(), finchFiles('1.18.0')), 'deb'), ports))
    expect(error.code).toBe('install-failed')
    expect(error.message).toContain(outside)
    expect(readdirSync(outside)).toEqual([])
  })

  test('a link in the place of a file is replaced, not followed', async () => {
    const { ports, at } = machine()
    const victim = join(folder(), 'victim')
    put(victim, 'untouched')
    mkdirSync(at('usr/libexec/finch'), { recursive: true })
    symlinkSync(victim, at('usr/libexec/finch/cosign'))
    await activate(verified(makeDeb(folder(), finchFiles('1.18.0')), 'deb'), ports)
    expect(readFileSync(victim, 'utf8')).toBe('untouched')
    expect(lstatSync(at('usr/libexec/finch/cosign')).isSymbolicLink()).toBe(false)
  })

  test.each([
    ['a path upwards', { './usr/libexec/finch/../../../../escaped': 'x' }],
    ['an absolute path', { '/usr/libexec/finch/nerdctl': 'x' }],
    ['a line feed in a name', { './usr/libexec/finch/a\nb': 'x' }],
    ['no file of Finch', { './usr/bin/other': 'x' }],
    ['no nerdctl', { './usr/bin/finch': 'x', './usr/libexec/finch/cosign': 'x' }],
  ])('an archive with %s', async (_, entries) => {
    const { ports, root } = machine()
    const deb = makeRawDeb(folder(), tar(Object.entries(entries).map(([name, body]) => ({ name, body }))))
    expect((await failureOf(() => activate(verified(deb, 'deb'), ports))).code).toBe('package-refused')
    expect(listing(root)).toEqual([])
  })

  test('an archive with a link among its files', async () => {
    const { ports, root } = machine()
    const tree = folder()
    put(join(tree, 'usr/bin/finch'), 'x')
    put(join(tree, 'usr/libexec/finch/nerdctl'), 'x')
    symlinkSync('/etc/passwd', join(tree, 'usr/libexec/finch/cosign'))
    const archive = execFileSync('tar', ['-c', '-C', tree, './usr'])
    const error = await failureOf(() => activate(verified(makeRawDeb(folder(), archive), 'deb'), ports))
    expect([error.code, error.message]).toEqual([
      'package-refused',
      expect.stringContaining('usr/libexec/finch/cosign'),
    ])
    expect(listing(root)).toEqual([])
  })

  test.each(['', '!<arch>\n', '!<arch>\nrubbish', 'not an archive'])('a file that is no deb: %j', async (text) => {
    const { ports } = machine()
    const path = join(folder(), 'x.deb')
    writeFileSync(path, text)
    expect((await failureOf(() => activate(verified(path, 'deb'), ports))).code).toMatch(
      /install-failed|package-refused/,
    )
  })

  test('a deb that is cut', async () => {
    const { ports, root } = machine()
    const deb = makeDeb(folder(), finchFiles('1.18.0'))
    const bytes = readFileSync(deb)
    writeFileSync(deb, bytes.subarray(0, bytes.length - 200))
    expect((await failureOf(() => activate(verified(deb, 'deb'), ports))).code).toBe('install-failed')
    expect(listing(root)).toEqual([])
  })

  test('a runner without root', async () => {
    const { ports } = machine()
    const denied: RecordedPorts = {
      ...ports,
      run: async (program) =>
        program.asRoot
          ? { exitCode: 1, signal: null, duration: 0, stdout: '', stderr: 'cp: denied' }
          : ports.run(program),
    }
    const error = await failureOf(() => activate(verified(makeDeb(folder(), finchFiles('1.18.0')), 'deb'), denied))
    expect([error.code, String(error.cause)]).toEqual(['install-failed', expect.stringContaining('cp: denied')])
  })
})

test('an archive is read as ar prints it', () => {
  const deb = makeDeb(folder(), finchFiles('1.18.0'))
  expect(readArchive(deb).map(({ name }) => name)).toEqual(['debian-binary', 'control.tar.gz', 'data.tar.gz'])
})

describe('a program of one file', () => {
  const cosign = (name: string, version = '3.0.5'): string =>
    script(folder(), name, `echo '{"gitVersion": "v${version}"}'`)

  test('gets its name, whatever lay there before', async () => {
    const ports = scratchPorts(folder())
    const asset = cosign('cosign-linux-amd64')
    chmodSync(asset, 0o444)
    const pack = verified(asset, 'binary', '3.0.5')
    put(join(ports.programs, 'cosign-3.0.5', 'cosign'), '#!/bin/sh\necho tampered\n')
    const { path, version } = await activate(pack, ports)
    expect([path, version]).toEqual([join(ports.programs, 'cosign-3.0.5', 'cosign'), '3.0.5'])
    expect(execFileSync(path, { encoding: 'utf8' })).toContain('v3.0.5')
    expect(statSync(path).mode & 0o777).toBe(0o555)
    expect(await activate(pack, ports)).toEqual({ path, version })
    const exe = await activate(verified(cosign('cosign-windows-amd64.exe'), 'binary'), ports)
    expect(exe.path).toMatch(/cosign\.exe$/)
  })

  test('says which version it is, whatever its name says', async () => {
    const old = verified(cosign('cosign-linux-amd64', '2.6.4'), 'binary', '3.0.5')
    expect((await activate(old, scratchPorts(folder()))).version).toBe('2.6.4')
    const silent = verified(script(folder(), 'cosign-linux-amd64', 'exit 0'), 'binary')
    expect((await failureOf(() => activate(silent, scratchPorts(folder())))).code).toBe('install-failed')
  })
})
