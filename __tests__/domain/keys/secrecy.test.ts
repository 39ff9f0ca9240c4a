/** Whatever is given in place of a key: no piece of it is shown, and it is masked. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { keys } from '../../../src/commands/sign-keys'
import { makeStep, type Step } from '../../../src/commands/step'
import { plan } from '../../../src/commands/verify-plan'
import { ActionError } from '../../../src/domain/errors/action-error'
import { describeKeySource, parseKeySources } from '../../../src/domain/keys/key-source'
import { readKeyBlock } from '../../../src/tools/files/key-text'
import { Session } from '../../../src/tools/files/session'
import { everyWordOf } from '../../support/failure'
import { type SecretForm, secretForms, secretPieces, shownPiece } from '../../support/secret-forms'
import { temporaryFolders } from '../../support/temporary'
import { type RecordedWorkflow, recordedWorkflow } from '../../support/workflow'

const folder = temporaryFolders()
const forms = secretForms(folder())

function stepWith(environment: NodeJS.ProcessEnv): Step & { workflow: RecordedWorkflow } {
  const workflow = recordedWorkflow()
  const step = makeStep([], environment, new AbortController().signal)
  const { add } = step.secrets
  step.secrets.add = (secret) => {
    workflow.masks.push(secret)
    add.call(step.secrets, secret)
  }
  return { ...step, workflow }
}

/** Everything that a run shows or leaves, and what it masks. */
async function outcomeOf(command: (step: Step) => Promise<void>, inputs: NodeJS.ProcessEnv) {
  const session = Session.create(folder(), process.pid)
  const step = stepWith({ SESSION: session.folder, INPUT_TAGS: 'ghcr.io/app:1', INPUT_IMAGE: 'app', ...inputs })
  let error: unknown
  try {
    await command(step)
  } catch (thrown) {
    error = thrown
  }
  const { masks, ...others } = step.workflow
  const values = Object.values(others).map((value) => (value instanceof Map ? [...value.entries()] : value))
  const left = readFileSync(join(session.folder, 'session.json'), 'utf8')
  return { error, masks, shown: [everyWordOf(error), JSON.stringify(values), left].join('\n') }
}

test('the forms are many', () => expect(forms.length).toBeGreaterThan(60))

describe.each(forms)('$name', ({ text, isUsable }: SecretForm) => {
  const pieces = secretPieces(text)
  const asFile = (): string => {
    const path = join(folder(), 'the.key')
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
    return path
  }

  test.each([
    ['in sign', keys, () => ({ INPUT_KEY: text })],
    ['in sign, in a variable', keys, () => ({ INPUT_KEY: 'env://TEAM_KEY', TEAM_KEY: text })],
    ['in sign, in a file', keys, () => ({ INPUT_KEY: asFile() })],
    ['in verify', plan, () => ({ INPUT_KEY: text, INPUT_IMAGES: 'ghcr.io/app:1' })],
    ['in verify, in a file', plan, () => ({ INPUT_KEY: asFile(), INPUT_IMAGES: 'ghcr.io/app:1' })],
    ['in a policy', plan, () => ({ INPUT_POLICY: policyWith(text), INPUT_IMAGES: 'ghcr.io/app:1' })],
  ])('%s is shown nowhere, and masked', async (_where, command, inputs) => {
    const { error, masks, shown } = await outcomeOf(command, inputs())
    if (command === keys && isUsable) expect(error).toBeUndefined()
    else expect(error).toBeInstanceOf(ActionError)
    expect(shownPiece(shown, pieces)).toBeUndefined()
    for (const piece of [...pieces].filter((_, index) => index % 8 === 0)) {
      expect([piece, masks.some((mask) => mask.includes(piece))]).toEqual([piece, true])
    }
  })
})

function policyWith(key: string): string {
  return JSON.stringify({ rules: [{ images: ['ghcr.io/**'], keys: [key] }] })
}

test('what is damaged at random is not shown either', async () => {
  const cut = fc.tuple(fc.nat(), fc.nat({ max: 60 }))
  const damage = fc.oneof(
    cut.map(
      ([at, length]) =>
        (text: string) =>
          text.slice(0, at % text.length) + text.slice((at % text.length) + length),
    ),
    fc.nat().map((at) => (text: string) => text.slice(at % text.length)),
    fc.nat().map((at) => (text: string) => text.slice(0, at % text.length)),
    fc
      .tuple(
        fc.nat(),
        fc.constantFrom('\n', ' ', '\\n', '"', '{', '-----', '://', 'env://', '#', ':', '/', '\n\n', '='),
      )
      .map(
        ([at, what]) =>
          (text: string) =>
            text.slice(0, at % text.length) + what + text.slice(at % text.length),
      ),
    fc.constantFrom<(text: string) => string>(
      (text) => text.replaceAll('\n', ' '),
      (text) => text.replaceAll('\n', '\\n'),
      (text) => text.replaceAll('-----', ''),
      (text) => JSON.stringify(text),
      (text) => Buffer.from(text).toString('base64'),
    ),
  )
  const damaged = fc.tuple(fc.constantFrom(...forms), fc.array(damage, { minLength: 1, maxLength: 4 }))
  await fc.assert(
    fc.asyncProperty(damaged, async ([{ text }, damages]) => {
      const given = damages.reduce((changed, one) => (changed === '' ? changed : one(changed)), text)
      const pieces = new Set([...secretPieces(text), ...secretPieces(given)])
      expect(shownPiece(await shownOf(given), pieces)).toBeUndefined()
    }),
    { numRuns: 1500 },
  )
}, 60_000)

/** What would be shown of the sources in a text that are not there. */
async function shownOf(text: string): Promise<string> {
  try {
    const { sources } = parseKeySources(text, 'key')
    const shown = sources.map(async (source) => {
      // What has the form of a KMS URI is one, and has to be named where the KMS refuses it.
      if (source.kind === 'kms') return ''
      const name = describeKeySource(source, 'key')
      return readKeyBlock(source, 'key', {}, () => undefined).then(() => name, everyWordOf)
    })
    return (await Promise.all(shown)).join('\n')
  } catch (error) {
    expect(error).toBeInstanceOf(ActionError)
    return everyWordOf(error)
  }
}
