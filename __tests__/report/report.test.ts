import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { ActionError } from '../../src/domain/errors/action-error'
import type { PublishedImage } from '../../src/domain/verification/result'
import { describeError, reportError } from '../../src/report/error'
import { setSignOutputs } from '../../src/report/sign/sign-outputs'
import { reportVerdicts } from '../../src/report/verify/verify-annotations'
import { githubWorkflow } from '../../src/report/workflow'
import { digestOf } from '../support/bundles'
import { ecPair, publicHalf } from '../support/keys'
import { recordedWorkflow } from '../support/workflow'

const key = publicHalf(ecPair())

describe('an error as an annotation', () => {
  test('says what, why, what to do, and the causes', () => {
    const error = new ActionError(
      'internal',
      { title: 'T', what: 'W', why: 'Y', hint: 'H' },
      { cause: new Error('c1', { cause: new Error('c2') }) },
    )
    expect(describeError(error)).toEqual({ title: 'T', message: 'W\nY\nH\nCause: c1\nCause: c2' })
  })
  test('is cut where the runner would cut it', () => {
    expect(describeError(new ActionError('internal', { title: 'T', what: 'x'.repeat(10_000) })).message).toHaveLength(
      4000,
    )
  })
  test('that is not the user asks for a report', () => {
    expect(describeError(new Error('boom'))).toMatchObject({
      title: 'An error inside of this action',
      message: expect.stringMatching(/^boom\n.*report/),
    })
  })
  test('shows no secret, also not one that is cut in two', () => {
    const workflow = recordedWorkflow()
    const redact = (text: string): string => text.replaceAll('hunter2-hunter2', '***')
    reportError(
      workflow,
      new ActionError('internal', { title: 'T', what: `${'x'.repeat(3990)}hunter2-hunter2` }),
      redact,
    )
    reportError(workflow, new Error('hunter2-hunter2'), redact)
    expect(workflow.errors.map(({ message }) => message.includes('hunter2'))).toEqual([false, false])
  })
})

describe('the annotations of verify', () => {
  const verdict = (
    result: 'passed' | 'failed' | 'error',
    mode: 'enforce' | 'warn' = 'enforce',
    name = 'a.b/app:1',
  ) => ({
    image: { reference: name, digest: digestOf('a'), result, reason: 'not signed', keys: [], annotations: {} },
    mode,
    places: [],
    signers: [],
    ...(result === 'failed' ? { failure: { title: 'Not signed', reason: 'not signed', hint: 'Sign it.' } } : {}),
    ...(result === 'error'
      ? { error: new ActionError('registry-unreachable', { title: 'Unreachable', what: 'no answer' }) }
      : {}),
  })
  const report = (verdicts: ReturnType<typeof verdict>[]) => {
    const workflow = recordedWorkflow()
    reportVerdicts(workflow, verdicts, (text) => text)
    return workflow
  }

  test('tell a failure from an outage', () => {
    expect(report([verdict('passed'), verdict('failed'), verdict('error')]).errors).toEqual([
      { title: 'Not signed', message: `a.b/app:1 (${digestOf('a')}): not signed.\nSign it.` },
      { title: 'Unreachable', message: 'no answer' },
    ])
  })
  test('are warnings where failures are let through; an outage never is', () => {
    const { errors, warnings } = report([verdict('failed', 'warn'), verdict('error', 'warn')])
    expect([errors.length, warnings.length]).toEqual([1, 1])
  })
  test('are ten at most', () => {
    const { errors } = report(Array.from({ length: 25 }, () => verdict('failed')))
    expect(errors).toHaveLength(10)
    expect(errors[9]?.title).toBe('16 more images')
  })
})

describe('what sign reports', () => {
  const image: PublishedImage = {
    repository: 'a.b/app',
    digest: digestOf('a'),
    mediaType: 'm',
    tags: ['1', 'x'],
    signatures: [
      { format: 'bundle', digest: digestOf('5'), keyFingerprint: key.fingerprint, identity: null, logIndex: null },
    ],
    attestations: [],
    alreadySigned: false,
  }
  test('as outputs are just the fields of the contract', () => {
    const workflow = recordedWorkflow()
    const carrying = { ...image, extra: 1, signatures: image.signatures.map((one) => ({ ...one, bundle: '{}' })) }
    setSignOutputs(workflow, [carrying], [key], '/b.json')
    expect(Object.fromEntries(workflow.outputs)).toEqual({
      digest: digestOf('a'),
      image: `a.b/app@${digestOf('a')}`,
      'key-fingerprint': key.fingerprint,
      signature: digestOf('5'),
      'bundle-path': '/b.json',
      images: JSON.stringify(
        [image],
        [
          'repository',
          'digest',
          'mediaType',
          'tags',
          'signatures',
          'format',
          'keyFingerprint',
          'logIndex',
          'attestations',
          'alreadySigned',
        ],
      ).replace(/"signatures":\[\{[^}]*\}\]/, `"signatures":${JSON.stringify(image.signatures)}`),
    })
  })
})

describe('the log of a GitHub runner', () => {
  let written: string[] = []
  const original = process.stdout.write
  beforeEach(() => {
    written = []
    process.stdout.write = jest.fn((text: string) => written.push(String(text)) > 0) as never
  })
  afterEach(() => {
    process.stdout.write = original
  })

  test.each([
    '::error::x',
    '::add-mask::x',
    '  ::set-output name=a::b',
    '##[error]x',
    '##\u001b[0m[error]x',
    '\u001b[31m::stop-commands::x',
    'a ##[set-env name=X;]y',
  ])('takes no command from what a tool prints: %j', (line) => {
    githubWorkflow({}).toolLine(line)
    const text = written.join('')
    expect(text).not.toMatch(/^\s*::/m)
    expect(text).not.toContain('##[')
    expect(text).toMatch(/^ {2}\| /)
  })

  test.each([
    '\u0085::error::x',
    '\u200b\ufeff::error::x',
    '\u2028::error::x',
    '::error::x',
    ' ::add-mask::x',
    'said: a\n::set-output name=a::b',
    'a\r::error::x',
    '\u001b[1m::warning::x',
    '##[error]x',
  ])('takes no command from what it is told itself: %j', (line) => {
    githubWorkflow({}).info(line)
    const text = written.join('')
    expect(text).not.toMatch(/^\s*::/m)
    expect(text).not.toMatch(/\r(?!\n)|##\[/)
    expect(text.trimEnd().split('\n')).toHaveLength(1)
  })

  test('has annotations without codes for the terminal', () => {
    githubWorkflow({}).error({ title: '\u001b[31mred', message: '\u001b]0;x\u0007plain' })
    expect(written.join('')).toMatch(/^::error title=red::plain\r?\n$/)
  })

  test('has annotations on one line, with their place', () => {
    githubWorkflow({}).error({ title: 'a, b: c', message: 'one\n::warning::two %', file: 'x,y.yml', line: 3 })
    expect(written.join('')).toMatch(
      /^::error title=a%2C b%3A c,file=x%2Cy\.yml,line=3::one%0A::warning::two %25\r?\n$/,
    )
  })

  test('has no summary where the runner has none', async () => {
    await expect(githubWorkflow({}).addSummary('x')).resolves.toBeUndefined()
  })
})
