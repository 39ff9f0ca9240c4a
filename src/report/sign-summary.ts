import type { PublicKey } from '../domain/public-key'
import type { PublishedImage } from '../domain/result'
import { code, details, shell, short, table } from './markdown'

/** The summary of `sign`: verdict, images, keys, and the commands with which anybody can check it. */
export function signSummary(images: readonly PublishedImage[], keys: readonly PublicKey[]): string {
  const added = images.filter((image) => !image.alreadySigned).length
  const verdict = added === 0 ? 'Signed already, nothing to add' : `Signed and published`
  const rows = images.flatMap((image) => image.tags.map((tag) => row(image, tag)))
  const keyRows = keys.map((key) => [key.algorithm, code(key.fingerprint)])
  return [
    `### ✅ ${verdict}`,
    table(['Image', 'Digest', 'Signed by', ''], rows),
    details('Keys', `${table(['Key', 'Fingerprint (SHA-256)'], keyRows)}\n\n${keys.map(publicKeyBlock).join('\n\n')}`),
    details('Check it yourself', shell(images.flatMap(commands))),
    '',
  ].join('\n\n')
}

function row(image: PublishedImage, tag: string): string[] {
  const signers = [...new Set(image.signatures.map((signature) => code(short(signature.keyFingerprint))))]
  return [
    code(`${image.repository}:${tag}`),
    code(short(image.digest)),
    signers.join(' '),
    image.alreadySigned ? 'was signed' : 'new',
  ]
}

function publicKeyBlock(key: PublicKey): string {
  return ['```', key.pem.trim(), '```'].join('\n')
}

function commands({ repository, digest, signatures }: PublishedImage): string[] {
  const isLogged = signatures.some((signature) => signature.logIndex !== null)
  const ignoring = isLogged ? '' : ' --insecure-ignore-tlog'
  const privately = isLogged ? '' : 'COSIGN_PRIVATE_INFRASTRUCTURE=true '
  return [
    `cosign verify --key cosign.pub${ignoring} ${repository}@${digest}`,
    `${privately}finch pull --verify=cosign --cosign-key=cosign.pub ${repository}@${digest}`,
  ]
}
