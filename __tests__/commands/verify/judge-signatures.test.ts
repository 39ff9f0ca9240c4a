import { describe, expect, test } from '@jest/globals'
import { judgeSignatures } from '../../../src/commands/verify/judge-signatures'
import { parseBundle } from '../../../src/domain/signatures/bundle'
import type { Evidence } from '../../../src/domain/signatures/evidence'
import type { SignatureRule } from '../../../src/domain/verification/rule'
import type { Verification } from '../../../src/tools/cosign/cosign-verify'
import { bundleText, digestOf } from '../../support/bundles'
import { codeOf } from '../../support/failure'
import { ecPair, publicHalf } from '../../support/keys'

const signer = ecPair()
const digest = digestOf('a')
const reference = { registry: 'r.test', path: 'app', digest }
const rule: SignatureRule = {
  kind: 'signed',
  name: 'key',
  signers: [{ kind: 'key', key: publicHalf(signer) }],
  threshold: 1,
  annotations: {},
  log: 'ignore',
  mode: 'enforce',
}
const claim = { type: 'https://sigstore.dev/cosign/sign/v1', digest, name: '', annotations: {} }
const yes: Verification = { kind: 'claims', claims: [claim] }
const no: Verification = { kind: 'rejected', rejection: 'none', message: 'no signatures found' }

function stored(): Evidence {
  const text = bundleText({ digest, signer })
  return {
    digest,
    bundles: [{ manifestDigest: digestOf('1'), text, bundle: parseBundle(JSON.parse(text)) }],
    legacySignature: undefined,
  }
}

/** The judgement where cosign gives these answers in turn, the last one for ever. */
function judge(evidence: Evidence, ...answers: readonly Verification[]) {
  const asked: string[] = []
  const verify = async (image: string): Promise<Verification> => {
    asked.push(image)
    return answers[Math.min(asked.length, answers.length) - 1] ?? no
  }
  const registry = { evidence: async () => evidence, legacySignatures: async () => [], tags: async () => [] }
  const tools = { cosign: { verify, verifyBundle: async () => false }, registry } as unknown as Parameters<
    typeof judgeSignatures
  >[0]
  return { asked, judgement: () => judgeSignatures(tools, 'r.test/app', reference, digest, rule) }
}

describe('what cosign denies and the registry shows', () => {
  test('is asked once more', async () => {
    const { asked, judgement } = judge(stored(), no, yes)
    expect((await judgement()).image.result).toBe('passed')
    expect(asked).toHaveLength(2)
  })

  test('is neither passed nor failed where it stays so', async () => {
    const { asked, judgement } = judge(stored(), no)
    expect(await codeOf(judgement)).toBe('verification-failed')
    expect(asked).toHaveLength(2)
  })
})

describe('what neither shows', () => {
  const nothing: Evidence = { digest, bundles: [], legacySignature: undefined }

  test('is failed at once', async () => {
    const { asked, judgement } = judge(nothing, no)
    expect((await judgement()).image.result).toBe('failed')
    expect(asked).toHaveLength(1)
  })

  test('is not failed where the registry refuses to say', async () => {
    expect(await codeOf(judge({ ...nothing, isRefused: true }, no).judgement)).toBe('registry-denied')
    expect((await judge({ ...stored(), isRefused: true }, yes).judgement()).image.result).toBe('passed')
  })
})
