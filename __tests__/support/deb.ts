import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A file of a package; programs begin with `#!`. */
export type DebFiles = Readonly<Record<string, string>>

/** What Finch's package for Debian holds, as scripts. */
export function finchFiles(version: string): DebFiles {
  const tool = (name: string): string => `#!/bin/sh\necho "${name} of ${version}: $*"\n`
  return {
    'usr/bin/finch': `#!/bin/sh\nprintf 'Client:\\n Version:\\tv${version}\\n'\nexec /usr/libexec/finch/nerdctl "$@"\n`,
    'usr/libexec/finch/nerdctl': tool('nerdctl'),
    'usr/libexec/finch/cosign': tool('cosign'),
    'usr/libexec/finch/cni/bin/bridge': tool('bridge'),
    'etc/finch/finch.yaml': '',
    'etc/finch/nerdctl/nerdctl.toml': `# of ${version}\n`,
    'etc/systemd/system/finch-buildkit.service': '[Service]\n',
  }
}

/** Makes a deb with dpkg-deb; like Finch's own it also holds empty folders such as ./bin. */
export function makeDeb(folder: string, files: DebFiles, compression = 'gzip', version = '1.18.0'): string {
  const tree = join(folder, `tree-${version}`)
  for (const empty of ['bin', 'usr/local/bin', 'etc/containerd', 'var/lib/finch/buildkit', 'DEBIAN'])
    mkdirSync(join(tree, empty), { recursive: true })
  const control = `Package: runfinch-finch\nVersion: ${version}\nArchitecture: all\nMaintainer: test <test@example.com>\nDescription: test\n`
  for (const [name, text] of Object.entries({ ...files, 'DEBIAN/control': control })) {
    const path = join(tree, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    if (text.startsWith('#!')) chmodSync(path, 0o755)
  }
  const deb = join(folder, `runfinch-finch_${version}_amd64.deb`)
  const args = ['--root-owner-group', `-Z${compression}`, '--build', tree, deb]
  const { status, stderr } = spawnSync('dpkg-deb', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return deb
}

/** Makes a deb around a tar that dpkg-deb would never make: `entries` are names and how tar is to store them. */
export function makeRawDeb(folder: string, tar: Buffer, name = 'data.tar'): string {
  const member = (title: string, content: Buffer): Buffer => {
    const header = `${title.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${`${content.length}`.padEnd(10)}\`\n`
    return Buffer.concat([Buffer.from(header), content, Buffer.alloc(content.length % 2, '\n')])
  }
  const deb = join(folder, 'raw.deb')
  writeFileSync(
    deb,
    Buffer.concat([Buffer.from('!<arch>\n'), member('debian-binary', Buffer.from('2.0\n')), member(name, tar)]),
  )
  return deb
}
