import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { giveBack, withBorrowed } from '../../../src/tools/finch/borrowed-file'
import { temporaryFolders } from '../../support/temporary'

const folder = temporaryFolders()

function file(text?: string): string {
  const path = join(folder(), '.finch', 'config.json')
  if (text === undefined) return path
  mkdirSync(dirname(path))
  writeFileSync(path, text)
  return path
}

describe('a borrowed file', () => {
  test.each([['mine'], [undefined]])('that holds %p is as it was afterwards', async (before) => {
    const path = file(before)
    const during = await withBorrowed(path, 'ours', async () => readFileSync(path, 'utf8'))
    expect(during).toBe('ours')
    expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(before)
    expect(readdirSync(dirname(path))).toEqual(before === undefined ? [] : ['config.json'])
  })

  test('is given back when the work fails', async () => {
    const path = file('mine')
    await expect(withBorrowed(path, 'ours', async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  test.each([['mine'], [undefined]])('that held %p is given back after a process that was killed', async (before) => {
    const path = file(before)
    let release = (): void => undefined
    const killed = withBorrowed(path, 'ours', () => new Promise<void>((resolve) => (release = resolve)))
    expect(readFileSync(path, 'utf8')).toBe('ours')
    giveBack(path)
    expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(before)
    release()
    await killed
    expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(before)
  })

  test('is borrowed again after a process that was killed, and the first text is the one that comes back', async () => {
    const path = file('mine')
    void withBorrowed(path, 'of the killed', () => new Promise<void>(() => undefined))
    expect(await withBorrowed(path, 'ours', async () => readFileSync(path, 'utf8'))).toBe('ours')
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })

  test('that nobody has borrowed is left alone', () => {
    const path = file('mine')
    giveBack(path)
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })
})
