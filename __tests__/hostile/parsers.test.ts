/**
 * Whatever an input, a file, a tool or a registry says: it is read, or refused in words, and in time.
 */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { classifyFailure } from '../../src/domain/calls/cosign-failure'
import { killedFromOutside } from '../../src/domain/calls/tool-killed'
import { ActionError } from '../../src/domain/errors/action-error'
import { explainKms } from '../../src/domain/errors/kms-errors'
import { checkLocalImage } from '../../src/domain/image/local-image'
import { parseManifest } from '../../src/domain/image/manifest'
import { parsePlatforms } from '../../src/domain/image/platforms'
import { parseReference } from '../../src/domain/image/reference'
import { parseKeySources } from '../../src/domain/keys/key-source'
import { extractPem } from '../../src/domain/keys/pem'
import { loadPrivateKey } from '../../src/domain/keys/private-key'
import { readPublicKey } from '../../src/domain/keys/public-key'
import { parseCosignVersion, parseFinchVersion } from '../../src/domain/releases/tool-version'
import { parseBundle } from '../../src/domain/signatures/bundle'
import { classifyRejection, parseClaims } from '../../src/domain/signatures/claims'
import { checkIdentityPattern } from '../../src/domain/verification/identity-pattern'
import { parsePolicy } from '../../src/domain/verification/policy/policy-file'
import { listItems, nameItems } from '../../src/inputs/lines'
import { InputReader } from '../../src/inputs/reader'
import { parseRegistryAuth } from '../../src/inputs/registry-auth'
import { shellWords } from '../../src/inputs/shell-words'
import { describeError } from '../../src/report/error'
import { escapeMarkdown } from '../../src/report/markdown'
import { parseInspected, parseListed, parsePushed } from '../../src/tools/finch/finch-output'
import { Secrets } from '../../src/tools/process/secrets'
import { chooseChallenge } from '../../src/tools/registry/challenge'
import { processorClock } from '../support/failure'
import { FRAGMENTS, hostileText } from '../support/hostile'

/** `answer`: never throws. `words`: may refuse with an ActionError. `caught`: its caller turns any Error into one. */
type Manner = 'answer' | 'words' | 'caught'

/** Milliseconds for 100 kB; what is quadratic takes a minute. */
const LIMIT = 4000

const input = (text: string): InputReader => new InputReader({ INPUT_X: text })
const PARSERS: Readonly<Record<string, [Manner, (text: string) => unknown]>> = {
  'an image name': ['words', (text) => parseReference(text)],
  'a local image': ['words', (text) => checkLocalImage(text)],
  'a list': ['answer', (text) => [listItems(text), nameItems(text)]],
  annotations: ['words', (text) => input(text).annotations('x')],
  'a boolean': ['words', (text) => input(text).boolean('x')],
  'a duration': ['words', (text) => input(text).duration('x', '1m')],
  'key sources': ['words', (text) => parseKeySources(text, 'key')],
  'PEM blocks': ['words', (text) => extractPem(text, 'key')],
  'an identity pattern': ['words', (text) => checkIdentityPattern(text, 'x')],
  platforms: ['words', (text) => parsePlatforms(listItems(text))],
  'words of a shell': ['words', (text) => shellWords(text, 'x')],
  'a policy': ['words', (text) => parsePolicy(text, 'policy')],
  'registry-auth': ['words', (text) => parseRegistryAuth(text)],
  'the output of cosign verify': ['caught', (text) => parseClaims(text)],
  'the errors of cosign': ['answer', (text) => [classifyRejection(1, text), classifyFailure(text)]],
  'the errors of a KMS': ['answer', (text) => explainKms('awskms', 'sign', text)],
  'the end of a tool': ['answer', (text) => killedFromOutside('x', { exitCode: 255, signal: null }, text)],
  'the output of finch push': ['answer', (text) => parsePushed(text)],
  'the output of finch inspect': ['words', (text) => parseInspected(text, 'x')],
  'the output of finch images': ['words', (text) => parseListed(text, 'sha256:a')],
  versions: ['answer', (text) => [parseFinchVersion(text), parseCosignVersion(text)]],
  'a challenge of a registry': ['answer', (text) => chooseChallenge(text)],
  'a manifest of a registry': ['caught', (text) => parseManifest(Buffer.from(text), text)],
  'a bundle': ['caught', (text) => parseBundle(JSON.parse(text))],
  'an error to be shown': ['answer', (text) => describeError(new ActionError('internal', { title: text, what: text }))],
  'a cell of the summary': ['answer', (text) => escapeMarkdown(text)],
}

function attempt([manner, parse]: [Manner, (text: string) => unknown], text: string): void {
  try {
    parse(text)
  } catch (error) {
    const isFine = manner === 'words' ? error instanceof ActionError : manner === 'caught' && error instanceof Error
    if (!isFine) throw new Error(`${JSON.stringify(text.slice(0, 300))}: ${(error as Error).stack ?? error}`)
  }
}

describe.each(Object.keys(PARSERS))('%s', (name) => {
  const parser = PARSERS[name] as [Manner, (text: string) => unknown]

  test('is read or refused in words', () => {
    fc.assert(
      fc.property(hostileText, (text) => attempt(parser, text)),
      { numRuns: 300 },
    )
  })

  test('is read in time, however long it is', () => {
    const slow: string[] = []
    for (const fragment of FRAGMENTS) {
      const text = fragment.repeat(Math.ceil(100_000 / fragment.length))
      const took = processorClock()
      attempt(parser, text)
      if (took() > LIMIT) slow.push(`${JSON.stringify(fragment)}: ${Math.round(took())} ms`)
    }
    expect(slow).toEqual([])
  })

  test('is read or refused where it is 10 MB', () => {
    const took = processorClock()
    attempt(parser, 'a'.repeat(10_000_000))
    expect(took()).toBeLessThan(LIMIT)
  })
})

test('keys of any form end in words', async () => {
  const refused = async (text: string): Promise<void> => {
    try {
      for (const block of extractPem(text, 'key').items) {
        if (typeof block === 'string') continue
        await loadPrivateKey(block, 'x', 'key').catch((error: unknown) => expect(error).toBeInstanceOf(ActionError))
        readPublicKey(block, 'key')
      }
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
    }
  }
  const labels = fc.constantFrom(
    'PRIVATE KEY',
    'EC PRIVATE KEY',
    'RSA PRIVATE KEY',
    'PUBLIC KEY',
    'ENCRYPTED PRIVATE KEY',
  )
  const body = fc.oneof(hostileText, fc.base64String({ maxLength: 300 }))
  const pem = fc
    .tuple(labels, body)
    .map(([label, text]) => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`)
  await fc.assert(fc.asyncProperty(pem, refused), { numRuns: 300 })
})

describe('what is accepted', () => {
  test('as an image name begins no option and holds nothing that a shell or the runner would read', () => {
    const accepted = (text: string): string[] => {
      try {
        const { registry, path, tag = '', digest = '' } = parseReference(text)
        return [`${registry}/${path}`, tag, digest]
      } catch {
        return []
      }
    }
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const part of accepted(text)) expect(part).toMatch(/^([A-Za-z0-9_[][\w.:/[\]-]*)?$/)
      }),
      { numRuns: 2000 },
    )
  })

  test('as a local image begins no option', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        try {
          expect(checkLocalImage(text)).toMatch(/^[^-\s]\S*$/)
        } catch (error) {
          if (!(error instanceof ActionError)) throw error
        }
      }),
      { numRuns: 2000 },
    )
  })
})

test('a secret of any form is redacted', () => {
  fc.assert(
    fc.property(hostileText, fc.string({ minLength: 8, maxLength: 40 }), (around, secret) => {
      fc.pre(secret.trim().length >= 8)
      const secrets = new Secrets(() => undefined)
      secrets.add(secret)
      expect(secrets.redact(`${around}${secret}${around}`)).not.toContain(secret)
    }),
  )
})
