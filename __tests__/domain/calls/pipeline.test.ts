import { expect, test } from '@jest/globals'
import { pipeline } from '../../../src/domain/calls/pipeline'
import { Turns } from '../../../src/domain/calls/turns'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function stages(said: string[], failing = '') {
  const say = async (text: string): Promise<void> => {
    said.push(text)
    await turn()
    if (text === failing) throw new Error(text)
  }
  return {
    each: async (item: number) => {
      await say(`first ${item}`)
      return item * 10
    },
    meanwhile: async (result: number) => {
      await say(`second ${result}`)
      said.push(`end ${result}`)
      return result + 1
    },
    afterwards: async (results: readonly number[]) => say(`after ${results.join()}`),
  }
}

test('the second stage of an item runs beside the first of the next', async () => {
  const said: string[] = []
  expect(await pipeline([1, 2], stages(said))).toEqual([11, 21])
  expect(said.indexOf('second 10')).toBeLessThan(said.indexOf('first 2') + 2)
  expect(said.indexOf('first 2')).toBeLessThan(said.indexOf('end 10'))
  expect(said).toContain('after 10,20')
})

test.each([
  ['first 2', ['first 1', 'second 10', 'first 2', 'end 10']],
  ['second 10', ['first 1', 'second 10', 'first 2', 'second 20', 'end 20']],
])('after a failure of %s nothing more is begun, and what was begun comes to its end', async (failing, expected) => {
  const said: string[] = []
  await expect(pipeline([1, 2, 3, 4], stages(said, failing))).rejects.toThrow(failing)
  expect(said.sort()).toEqual(expected.sort())
})

test('work under one name takes turns, also after a failure; other names do not wait', async () => {
  const turns = new Turns()
  const said: string[] = []
  const work =
    (text: string, fails = false) =>
    async () => {
      said.push(`begin ${text}`)
      await turn()
      await turn()
      said.push(`end ${text}`)
      if (fails) throw new Error(text)
      return text
    }
  const all = [turns.take('a', work('a1', true)), turns.take('a', work('a2')), turns.take('b', work('b1'))]
  const ends = await Promise.allSettled(all)
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(said.indexOf('begin a2')).toBeGreaterThan(said.indexOf('end a1'))
  expect(said.indexOf('begin b1')).toBeLessThan(said.indexOf('end a1'))
})
