import { expect, test } from '@jest/globals'
import { chooseLog, requireLog } from '../../../src/domain/signatures/transparency-log'
import { codeOf } from '../../support/failure'

const event = (payload: unknown) => ({ name: 'push', actor: 'a', payload })
const open = event({ repository: { private: false } })
const closed = event({ repository: { private: true } })
const unknown = event({})

test.each([
  ['auto', open, false, 'public', false],
  ['auto', closed, false, 'none', true],
  ['auto', unknown, false, 'none', true],
  ['auto', closed, true, 'public', false],
  ['public', closed, false, 'public', false],
  ['none', open, false, 'none', false],
] as const)('signing with %s (%#)', (wanted, given, own, log, isGuess) => {
  const choice = chooseLog(wanted, given, { hasOwnSigstore: own, isKeyless: false })
  expect(choice).toMatchObject({ log, isGuess })
  expect(choice.notice !== '').toBe(isGuess)
})

test.each([
  ['auto', open, {}, 'required'],
  ['auto', closed, {}, 'ignore'],
  ['auto', unknown, {}, 'ignore'],
  ['auto', closed, { hasOwnSigstore: true }, 'required'],
  ['auto', closed, { isKeyless: true }, 'required'],
  ['required', closed, {}, 'required'],
  ['ignore', open, {}, 'ignore'],
] as const)('verifying with %s (%#)', (wanted, given, needs, expected) => {
  expect(requireLog(wanted, given, { hasOwnSigstore: false, isKeyless: false, ...needs })).toBe(expected)
})

test('a private Sigstore or an identity with no log is a contradiction', async () => {
  for (const needs of [
    { hasOwnSigstore: true, isKeyless: false },
    { hasOwnSigstore: false, isKeyless: true },
  ]) {
    expect(await codeOf(() => requireLog('ignore', open, needs))).toBe('input-combination')
    expect(await codeOf(() => chooseLog('none', open, needs))).toBe('input-combination')
  }
})

test.each([
  ['auto', open, false, 'public'],
  ['auto', closed, false, undefined],
  ['auto', unknown, false, undefined],
  ['auto', closed, true, 'public'],
  ['public', closed, false, 'public'],
] as const)('signing without a key, with %s (%#)', async (wanted, given, hasOwnSigstore, log) => {
  const choose = () => chooseLog(wanted, given, { hasOwnSigstore, isKeyless: true })
  if (log === undefined) expect(await codeOf(choose)).toBe('input-combination')
  else expect(choose()).toMatchObject({ log, isGuess: false })
})
