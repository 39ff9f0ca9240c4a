import { describe, expect, test } from '@jest/globals'
import { DEPRECATED, type Deprecation, untoldDeprecations } from '../../src/inputs/deprecated'
import { InputReader } from '../../src/inputs/reader'
import { readActionFile } from '../runner/action-file'

/** Inputs that were never declared: the contract has no deprecated ones now. */
const fixture: Deprecation[] = [
  { input: 'old-name', standard: '', message: 'Use "name".' },
  { input: 'old-switch', standard: 'false', message: 'Leave it out.' },
]
const told = (environment: Record<string, string>): string[] =>
  untoldDeprecations(new InputReader(environment), environment, fixture).map(({ title }) => title)

describe('a deprecated input', () => {
  test.each(['GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'ACT'])('is told where %s does not', (runner) => {
    const used = { [runner]: 'true', INPUT_OLD_NAME: 'x', INPUT_OLD_SWITCH: 'true' }
    expect(told(used)).toEqual(['Input "old-name" is deprecated', 'Input "old-switch" is deprecated'])
    expect(told({ [runner]: 'true', INPUT_OLD_NAME: '', INPUT_OLD_SWITCH: 'false' })).toEqual([])
    expect(told({ [runner]: 'true' })).toEqual([])
  })

  test('is left to the runner of GitHub, which tells by itself', () => {
    expect(told({ INPUT_OLD_NAME: 'x' })).toEqual([])
  })

  test.each(['.', 'sign', 'verify'])('has the same message in the action file: %s', async (folder) => {
    const { inputs } = await readActionFile(folder)
    const declared = inputs.filter(({ deprecationMessage }) => deprecationMessage !== undefined)
    const listed = DEPRECATED.filter(({ input }) => inputs.some(({ id }) => id === input))
    const pairs = (entries: readonly (readonly [string, string])[]) => [...entries].sort()
    expect(pairs(declared.map(({ id, deprecationMessage = '' }) => [id, deprecationMessage]))).toEqual(
      pairs(listed.map(({ input, message }) => [input, message])),
    )
  })
})
