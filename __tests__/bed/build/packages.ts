import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as openpgp from 'openpgp'
import type { Bed } from '../bed'
import { installFinch } from '../machine/finch'
import { run } from '../process'

/** What a test's releases are signed with, in place of the real keys. */
export interface SigningKeys {
  /** OpenPGP, armored. */
  readonly finchPublic: string
  /** PEM. */
  readonly cosignPublic: string
  /** Detached OpenPGP signature. */
  signDeb(deb: Buffer): Promise<Buffer>
  /** `-kms.sigstore.json`, by the real cosign. */
  signBinary(binary: Buffer): Promise<Buffer>
}

/** Makes a pair of keys in a folder of the bed. */
export async function makeSigningKeys(bed: Bed, name: string): Promise<SigningKeys> {
  const folder = join(bed.dir, name)
  await mkdir(folder)
  const userIDs = [{ name: 'Test release', email: 'release@example.com' }]
  const pair = await openpgp.generateKey({ userIDs, type: 'rsa', rsaBits: 2048, format: 'object' })
  const release = await bed.keys.cosign(`${name}-cosign`)
  const env = {
    ...{ COSIGN_PASSWORD: release.password, COSIGN_YES: 'true' },
    ...{ COSIGN_TLOG_UPLOAD: 'false', COSIGN_USE_SIGNING_CONFIG: 'false' },
  }
  return {
    finchPublic: pair.publicKey.armor(),
    cosignPublic: release.publicPem,
    async signDeb(deb) {
      const message = await openpgp.createMessage({ binary: new Uint8Array(deb) })
      const options = { message, signingKeys: pair.privateKey, detached: true, format: 'binary' } as const
      return Buffer.from((await openpgp.sign(options)) as Uint8Array)
    },
    async signBinary(binary) {
      const [file, bundle] = [join(folder, 'to-sign'), join(folder, 'bundle.json')]
      await writeFile(file, binary)
      await bed.cosign(['sign-blob', '--key', release.privateFile, '--bundle', bundle, file], env)
      return readFile(bundle)
    },
  }
}

/** A deb like that of Finch: the bed's nerdctl and cosign, and the stand-in for Finch itself. */
export async function makeFinchDeb(bed: Bed, version: string): Promise<Buffer> {
  const folder = join(bed.dir, `deb-${version}`)
  for (const part of ['DEBIAN', 'bin', 'usr/bin', 'usr/libexec/finch', 'etc/finch/nerdctl', 'var/lib/finch/buildkit']) {
    await mkdir(join(folder, part), { recursive: true })
  }
  await writeFile(join(folder, 'DEBIAN/control'), control(version))
  for (const tool of ['nerdctl', 'cosign'] as const) {
    const path = join(folder, 'usr/libexec/finch', tool)
    await copyFile(bed.toolchain[tool], path)
    await chmod(path, 0o755)
  }
  await writeFile(join(folder, 'usr/bin/finch'), await fixed(bed, version), { mode: 0o755 })
  await writeFile(join(folder, 'etc/finch/finch.yaml'), '')
  const deb = join(bed.dir, `finch-${version}.deb`)
  await run('dpkg-deb', ['--build', '--root-owner-group', '-Zzstd', '-z3', folder, deb])
  return readFile(deb)
}

/** As dpkg and Finch call this machine's architecture. */
export const debArchitecture = process.arch === 'arm64' ? 'arm64' : 'amd64'

function control(version: string): string {
  return `Package: runfinch-finch
Version: ${version}
Architecture: ${debArchitecture}
Maintainer: Test <test@example.com>
Depends: containerd (>= 1.7.24), runc (>= 1.1.5)
Description: a stand-in for Finch, for tests
`
}

/** The stand-in, with its tools where Finch looks for them, and nowhere else. */
async function fixed({ dir, containerd, toolchain }: Bed, version: string): Promise<string> {
  const { path } = await installFinch({ dir: join(dir, `stand-in-${version}`), containerd, toolchain, version })
  const text = await readFile(path, 'utf8')
  return text.replace(/^libexec=.*$/m, 'libexec=/usr/libexec/finch')
}
