import { describe, expect, test } from '@jest/globals'
import { ActionError, causeChain, ERROR_CODES } from '../../../src/domain/errors/action-error'

describe('the error of the suite', () => {
  test('carries code, texts and cause', () => {
    const cause = new Error('below')
    const error = new ActionError('internal', { title: 'T', what: 'W', why: 'Y', hint: 'H' }, { cause })
    expect(error).toMatchObject({
      name: 'ActionError',
      code: 'internal',
      title: 'T',
      message: 'W',
      why: 'Y',
      hint: 'H',
    })
    expect(error.cause).toBe(cause)
  })

  test('has empty text where nothing is known', () => {
    expect(new ActionError('internal', { title: 'T', what: 'W' })).toMatchObject({ why: '', hint: '' })
  })

  test('knows each code once, in alphabetical order', () => {
    expect([...ERROR_CODES]).toEqual([...new Set(ERROR_CODES)].sort())
  })
})

describe('the chain of causes', () => {
  test('goes from the outside to the inside without repetition', () => {
    const inner = new Error('inner')
    const same = new Error('outer', { cause: inner })
    expect(causeChain(new Error('outer', { cause: same }))).toEqual(['outer', 'inner'])
  })

  test('takes what is no Error as text', () => {
    expect(causeChain(new Error('outer', { cause: 'word' }))).toEqual(['outer', 'word'])
    expect(causeChain(undefined)).toEqual([])
  })

  test('ends where a cause leads back to itself', () => {
    const error = new Error('loop')
    error.cause = new Error('back', { cause: error })
    expect(causeChain(error)).toEqual(['loop', 'back'])
  }, 2000)
})
