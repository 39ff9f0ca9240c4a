// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readActionFile } from './action-file'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'action-file-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(steps: string, head = ''): Promise<ReturnType<typeof readActionFile>> {
  await writeFile(
    path.join(folder, 'action.yml'),
    `name: N\ndescription: D\n${head}runs:\n  using: composite\n  steps:\n${steps}`,
  )
  return readActionFile(folder)
}

describe('an action file', () => {
  test('is read with steps, made-up ids and explicit conditions', async () => {
    const action = await read(
      [
        '    - {run: echo one, shell: bash}',
        '    - {id: two, name: Second, if: "inputs.a == 1", run: x, shell: sh, env: {A: 1, B: null, C: true}}',
        '    - {if: "${{ always() }}", run: x, shell: bash, working-directory: w, continue-on-error: true}',
      ].join('\n'),
      'inputs: {a: {default: 3}, b: {deprecationMessage: old}}\noutputs: {o: {value: "${{ steps.two.outputs.o }}"}}\n',
    )
    expect(action.inputs).toEqual([
      { id: 'a', default: '3' },
      { id: 'b', default: '', deprecationMessage: 'old' },
    ])
    expect(action.outputs).toEqual([{ id: 'o', value: '${{ steps.two.outputs.o }}' }])
    expect(action.steps.map(({ contextId, name, if: condition }) => [contextId, name, condition])).toEqual([
      ['__run', 'Run echo one', 'success()'],
      ['two', 'Second', 'success() && (inputs.a == 1)'],
      ['__run_2', 'Run x', 'always()'],
    ])
    expect(action.steps[1]?.env).toEqual([
      ['A', '1'],
      ['B', ''],
      ['C', 'true'],
    ])
    expect(action.steps[2]).toMatchObject({ workingDirectory: 'w', continueOnError: 'true' })
  })

  test.each([
    ['a missing shell', '    - run: x', /shell/],
    ['secrets', '    - {run: "echo ${{ secrets.A }}", shell: bash}', /secrets/],
    ['timeout-minutes', '    - {run: x, shell: bash, timeout-minutes: 3}', /timeout-minutes/],
    ['an unknown function', '    - {run: x, shell: bash, if: maybe()}', /maybe/],
    ['uses', '    - {name: Inner, uses: ./inner}', /step 'Inner' has 'uses: \.\/inner'/],
    [
      'the same id twice',
      '    - {id: a, run: x, shell: bash}\n    - {id: A, run: x, shell: bash}',
      /'A' is used twice/,
    ],
    ['broken YAML', '    - {run: x', /not a valid action/],
  ])('with %s is refused in words', async (_what, steps, message) => {
    await expect(read(steps)).rejects.toThrow(message)
    await expect(read(steps)).rejects.toThrow(path.join(folder, 'action.yml'))
  })

  test('must be there, and be a composite', async () => {
    await expect(readActionFile(path.join(folder, 'none'))).rejects.toThrow('neither action.yml nor action.yaml')
    await writeFile(path.join(folder, 'action.yml'), 'name: N\ndescription: D\nruns: {using: node24, main: x.js}\n')
    await expect(readActionFile(folder)).rejects.toThrow("only composite actions can be run, not 'node24'")
  })
})
