/**
 * What people have put into the place of a private key, made by the programs that make it, and the pieces of it that nobody
 * may see.
 */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ecPair, pkcs8, rsaPair } from './keys'

export interface SecretForm {
  readonly name: string
  readonly text: string
  /** Where a key of this form can be used after all. */
  readonly isUsable?: true
}

/** Texts that hold a secret; `folder` is for the files of ssh-keygen. */
export function secretForms(folder: string): SecretForm[] {
  const openssl = (args: string, input?: string): string => {
    const stdio: ['pipe', 'pipe', 'ignore'] = ['pipe', 'pipe', 'ignore']
    return execFileSync('openssl', args.split(' '), { input, encoding: 'latin1', stdio })
  }
  const ssh = (type: string, ...more: string[]): string => {
    const file = join(folder, `${type}${more.length}`)
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'team', '-f', file, ...more])
    return readFileSync(file, 'utf8')
  }
  const pem = pkcs8(ecPair())
  const rsa = pkcs8(rsaPair())
  const sec1 = openssl('ec -no_public', pem)
  const inside = (text: string): string => text.replaceAll(/-----.*-----\n/g, '')
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = privateKey.export({ format: 'jwk' })
  const hex = (): string => randomBytes(32).toString('hex')
  const random = (length: number): string => randomBytes(length).toString('base64')
  const url = (length: number): string => randomBytes(length).toString('base64url')
  const age = `AGE-SECRET-KEY-1${hex().toUpperCase().replaceAll(/[01]/g, 'Q')}`
  const putty = `PuTTY-User-Key-File-3: ecdsa-sha2-nistp256\nEncryption: none\nComment: team\nPublic-Lines: 3\n${random(48)}\n${random(48)}\n${random(8)}\nPrivate-Lines: 1\n${random(36)}\nPrivate-MAC: ${hex()}\n`
  const forms: Record<string, string> = {
    'a private JWK': JSON.stringify(jwk, null, 2),
    'a private JWK in one line': JSON.stringify(jwk),
    'a set of JWKs': JSON.stringify({ keys: [jwk] }, null, 2),
    'a JWK that is cut': JSON.stringify(jwk, null, 2).slice(0, -3),
    'lines of a JWK': JSON.stringify(jwk, null, 2).split('\n').slice(1, -1).join('\n'),
    'one member of a JWK': `"d": "${jwk.d}"`,
    'd of a JWK': jwk.d ?? '',
    'a key of age': age,
    'a file of age': `# created: 2026-11-27T00:00:00Z\n# public key: age1…\n${age}\n`,
    'a key of age in JSON': JSON.stringify({ KEY: age }),
    'openssl pkey -text': openssl('pkey -text', pem),
    'openssl pkey -text -noout': openssl('pkey -text -noout', pem),
    'openssl pkey -text of RSA': openssl('pkey -text -noout', rsa),
    'openssl rsa -text': openssl('rsa -text -noout', rsa),
    'lines of openssl pkey -text': openssl('pkey -text -noout', pem).split('\n').slice(2, 5).join('\n'),
    'a key of PuTTY': putty,
    'the last lines of a key of PuTTY': putty.split('\n').slice(-4).join('\n'),
    'the key line of PuTTY': random(36),
    'a key of OpenSSH, Ed25519': ssh('ed25519'),
    'a key of OpenSSH, ECDSA': ssh('ecdsa'),
    'the inside of a key of OpenSSH': inside(ssh('ecdsa', '-b', '384')),
    'the inside of PKCS#8': inside(pem),
    'the inside of PKCS#8 in one line': inside(pem).replaceAll('\n', ''),
    'the inside of PKCS#8 of RSA': inside(rsa),
    'the inside of PKCS#8 of RSA with blanks': inside(rsa).replaceAll('\n', ' '),
    'the inside of PKCS#8 of RSA with \\n': inside(rsa).replaceAll('\n', '\\n'),
    'the inside of SEC1': inside(sec1),
    'the inside of an encrypted key': inside(pkcs8(ecPair(), 'password')),
    'a cut inside': inside(rsa).slice(0, 300),
    'one line of an inside': rsa.split('\n')[4] ?? '',
    'half a line of an inside': rsa.split('\n')[4]?.slice(0, 30) ?? '',
    'base64 of an inside': base64(inside(pem)),
    'DER in hexadecimal digits': Buffer.from(inside(pem), 'base64').toString('hex'),
    'random bytes in base64': random(32),
    'random bytes in base64url': url(32),
    'random bytes in hexadecimal digits': hex(),
    'a seed with a name': `COSIGN_PRIVATE_KEY=${random(32)}`,
    'a key in a file of variables': `COSIGN_PRIVATE_KEY="${pem}"`,
    'a key in YAML': `key: |\n  ${pem.replaceAll('\n', '\n  ')}`,
    'two keys in JSON': JSON.stringify({ old: pem, new: rsa }),
    'JSON without a key': JSON.stringify({ password: random(30) }),
    'JSON that is damaged': `{"COSIGN_KEY": "${pem}`,
    'END without BEGIN': pem.slice(pem.indexOf('\n') + 1),
    'BEGIN without END': pem.slice(0, -40),
    'BEGIN with four dashes': pem.replaceAll('-----', '----'),
    'BEGIN in lower case': pem.replaceAll('BEGIN', 'begin'),
    'a key behind env://': `env://${random(32)}`,
    'a name behind env:// that is none': `env://${hex()}`,
    'a key behind awskms://': `awskms:///${random(32)}`,
    'a key behind awskms:// and two slashes': `awskms://alias/${random(32)}`,
    'a key behind hashivault://': `hashivault://${random(32)}/`,
    'a key before ://': `${hex()}://`,
    'a token': `${url(12)}.${url(60)}.${url(32)}`,
    'XML of .NET': `<RSAKeyValue><Modulus>${random(64)}</Modulus><D>${random(64)}</D></RSAKeyValue>`,
    'a key of minisign': `untrusted comment: minisign encrypted secret key\n${random(100)}\n`,
    'openssl pkcs12 with more behind it': `${pem}\nsecret ${random(30)}\n`,
    'a path that is a key': `keys/${url(40)}`,
    'a quoted inside': `"${inside(pem).replaceAll('\n', '')}"`,
    'a PEM block that is none': `-----BEGIN PRIVATE KEY-----\n${url(200)}\n-----END PRIVATE KEY-----\n`,
  }
  const usable: Record<string, string> = {
    'PKCS#8': pem,
    SEC1: sec1,
    'in JSON': JSON.stringify({ COSIGN_KEY: pem }),
    'in JSON that is damaged': `{"COSIGN_KEY": "${pem}"}`,
    'in one line': pem.replaceAll('\n', ' '),
    'RSA in base64': base64(rsa),
  }
  return [
    ...Object.entries(forms).map(([name, text]) => ({ name, text })),
    ...Object.entries(usable).map(([name, text]): SecretForm => ({ name, text, isUsable: true })),
  ]
}

/** All pieces of eight characters of what is random in a text: its long words, and bytes with colons between. */
export function secretPieces(text: string): Set<string> {
  const words = text.match(/[A-Za-z0-9+/=_-]{16,}|(?:[0-9a-f]{2}:){4,}/g) ?? []
  const random = words.filter((word) => !/^-+|^[A-Z_]+=?$|^[a-zA-Z-]+$/.test(word))
  const pieces = new Set<string>()
  for (const word of random.map((one) => one.replace(/^AGE-SECRET-KEY-|^.*\/alias\//, ''))) {
    for (let at = 0; at + 8 <= word.length; at++) pieces.add(word.slice(at, at + 8))
  }
  // Damage may join the frame of a PEM block to its body; the frame alone is nobody's secret, and messages name it.
  for (const piece of pieces) {
    if (['-----BEGIN', '-----END'].some((frame) => frame.includes(piece))) pieces.delete(piece)
  }
  return pieces
}

/** The first piece that a text shows, or undefined. */
export function shownPiece(shown: string, pieces: ReadonlySet<string>): string | undefined {
  for (let at = 0; at + 8 <= shown.length; at++) {
    const piece = shown.slice(at, at + 8)
    if (pieces.has(piece)) return piece
  }
  return undefined
}
