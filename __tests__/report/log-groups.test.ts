import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import pLimit from 'p-limit'
import { type GroupOutput, LogGroups } from '../../src/report/log-groups'
import { processRunner } from '../../src/tools/process/process'
import { Secrets } from '../../src/tools/process/secrets'

function recorded(patience?: number) {
  const lines: string[] = []
  const output: GroupOutput = {
    start: (title) => void lines.push(`[${title}`),
    line: (text) => void lines.push(text.replace(/\d+\.\d s/g, 'N s')),
    end: () => void lines.push(']'),
  }
  const groups = new LogGroups(output, patience)
  return { lines, groups, say: (text: string) => groups.say(() => output.line(text)) }
}

describe('groups of log lines', () => {
  test('of work at the same time come one after the other, in the order of their beginnings', async () => {
    const { lines, groups, say } = recorded()
    const work = async (name: string, delay: number): Promise<string> => {
      say(`${name} begins`)
      await sleep(delay)
      say(`${name} ends`)
      return name
    }
    const limit = pLimit(3)
    const tasks = [30, 0, 10].map((delay, index) =>
      limit(() => groups.run(`${index}`, () => work(`work ${index}`, delay))),
    )
    expect(await Promise.all(tasks)).toEqual(['work 0', 'work 1', 'work 2'])
    const expected = [0, 1, 2].flatMap((n) => [`[${n}`, `work ${n} begins`, `work ${n} ends`, 'took N s', ']'])
    expect(lines).toEqual(expected)
  })

  test('show the first one while it goes on', async () => {
    const { lines, groups, say } = recorded()
    let seen: string[] = []
    await groups.run('one', async () => {
      say('working')
      seen = [...lines]
    })
    expect(seen).toEqual(['[one', 'working'])
  })

  test('are closed when the work fails, and the others are shown all the same', async () => {
    const { lines, groups, say } = recorded()
    const failing = groups.run('bad', async () => {
      await sleep(10)
      throw new Error('no')
    })
    const good = groups.run('good', async () => say('fine'))
    await expect(failing).rejects.toThrow('no')
    await good
    expect(lines).toEqual(['[bad', 'failed after N s', ']', '[good', 'fine', 'took N s', ']'])
  })

  test('are never nested, which the runner does not show', async () => {
    const { lines, groups, say } = recorded()
    await groups.run('outer', () => groups.run('inner', async () => say('x')))
    expect(lines).toEqual(['[outer', 'inner', 'x', 'took N s', ']'])
  })

  test('hold the lines of the tools that their work calls', async () => {
    const { lines, groups, say } = recorded()
    const run = processRunner(new Secrets(() => undefined), () => undefined, new AbortController().signal)
    const call = (word: string, delay: string) => () =>
      run({
        label: 'sh',
        file: '/bin/sh',
        args: ['-c', `echo ${word}; sleep ${delay}; echo ${word} again`],
        env: {},
        timeLimit: 5000,
        onLine: say,
      })
    await Promise.all([groups.run('1', call('one', '0.2')), groups.run('2', call('two', '0'))])
    expect(lines).toEqual(['[1', 'one', 'one again', 'took N s', ']', '[2', 'two', 'two again', 'took N s', ']'])
  })

  test('say what is waited for when it takes long', async () => {
    const { lines, groups } = recorded(20)
    const first = groups.run('first', () => sleep(10))
    await Promise.all([first, groups.run('second', () => sleep(50))])
    expect(lines).toContain('waiting for: second (N s)')
    const before = lines.length
    await sleep(50)
    expect(lines).toHaveLength(before)
  })
})
