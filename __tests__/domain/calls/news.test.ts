import { describe, expect, test } from '@jest/globals'
import { News } from '../../../src/domain/calls/news'

/** What nerdctl draws ten times a second, here at one moment of a push. */
function table(bytes: string, elapsed: string): string[] {
  return [
    `\u001b[1A\u001b[2Kmanifest-sha256:${'a'.repeat(64)}: waiting        |--------------------------------------| `,
    `layer-sha256:${'b'.repeat(64)}:    uploading      |++++++++------------------------------|  ${bytes}/120.0 MiB`,
    `elapsed: ${elapsed}s                                 total:  120.0 M (1.2 MiB/s)   `,
  ]
}

describe('a line of a tool', () => {
  test('is news once', () => {
    const news = new News()
    expect(['pushing', 'pushing', 'done'].map((line) => news.isNew(line))).toEqual([true, false, true])
    expect(['', '  ', '\u001b[2K'].map((line) => news.isNew(line))).toEqual([false, false, false])
  })

  test('of a table that nerdctl draws again is news where a layer has grown, not where time has passed', () => {
    const news = new News()
    const look = (bytes: string, elapsed: string) => table(bytes, elapsed).map((line) => news.isNew(line))
    expect(look('1.0 MiB', '0.1')).toEqual([true, true, false])
    expect(look('1.0 MiB', '0.2')).toEqual([false, false, false])
    expect(look('1.0 MiB', '60.4')).toEqual([false, false, false])
    expect(look('1.1 MiB', '60.5')).toEqual([false, true, false])
  })

  test('is remembered without end neither in time nor in memory', () => {
    const news = new News()
    for (let line = 0; line < 5000; line++) expect(news.isNew(String(line))).toBe(true)
    expect(news.isNew('4999')).toBe(false)
  })
})
