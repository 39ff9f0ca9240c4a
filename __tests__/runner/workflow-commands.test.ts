// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of actions and shell variables
import { describe, expect, test } from '@jest/globals'
import { createMasker } from './masks'
import { createReport, type Report } from './report'
import { createLineHandler, parseCommand } from './workflow-commands'

function handle(lines: string[], debug = false): { report: Report; handler: ReturnType<typeof createLineHandler> } {
  const masker = createMasker()
  const report = createReport(masker, { debug })
  const handler = createLineHandler(report, masker)
  for (const line of lines) handler.line(line)
  return { report, handler }
}

const logOf = (lines: string[], debug = false): string[] =>
  handle(lines, debug).report.result().log.split('\n').slice(0, -1)

describe('parseCommand', () => {
  test.each([
    [
      '::error title=A%2CB%3A,file=x.yml,line=3,col=4::one%0Atwo %25',
      'error',
      { title: 'A,B:', file: 'x.yml', line: '3', col: '4' },
      'one\ntwo %',
    ],
    ['  ::notice::hi::there', 'notice', {}, 'hi::there'],
    ['::WARNING ::x', 'warning', {}, 'x'],
    ['##[error file=a]text', 'error', { file: 'a' }, 'text'],
    ['::debug::%250A', 'debug', {}, '%0A'],
  ])('%s', (line, name, properties, data) => {
    expect(parseCommand(line)).toEqual({ name, properties, data })
  })

  test.each(['plain', '::unknown::x', 'x ::error::late', ':error::x', '::error'])('%s is none', (line) => {
    expect(parseCommand(line)).toBeUndefined()
  })
})

describe("a step's lines", () => {
  test('are rendered as the runner does', () => {
    expect(logOf(['a', '::group::G', '::warning title=T::w', '::endgroup::', '::error::1%0A2', '::debug::d'])).toEqual([
      ...['a', '##[group]G', '##[warning]w', '##[endgroup]', '##[error]1', '2'],
    ])
    expect(logOf(['::debug::d%0Ae'], true)).toEqual(['##[debug]d', '##[debug]e'])
  })

  test('are masked from add-mask on, and the command itself never shows', () => {
    const { report } = handle(['before s3cret', '::add-mask::s3cret%0Aline2', 'after s3cret line2', '::add-mask::'])
    expect(report.result().log).toBe(
      "before s3cret\nafter *** ***\n##[warning]Can't add secret mask for empty string in ##[add-mask] command.\n",
    )
    expect(report.result().rawLog).toBe('before s3cret\n::add-mask::\nafter s3cret line2\n::add-mask::\n')
  })

  test('are not obeyed between stop-commands and its token', () => {
    const { report } = handle(['::stop-commands::tok', '::error::no', '::add-mask::x', '::tok::', '::error::yes'])
    expect(report.result().log).toBe('::error::no\n::add-mask::x\n##[error]yes\n')
    expect(report.result().annotations).toEqual([{ level: 'error', message: 'yes' }])
  })

  test('set outputs by the old command with a warning, and cannot set the environment', () => {
    const { report, handler } = handle(['::set-output name=a::1'])
    expect([handler.outputs, handler.failed()]).toEqual([{ a: '1' }, false])
    expect(report.result().annotations[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('deprecated'),
    })
    expect(handle(['::set-env name=A::1']).handler.failed()).toBe(true)
  })
})

describe('annotations', () => {
  test('carry title and place', () => {
    const { report } = handle(['::error title=T,file=a/b.yml,line=3,col=7,endLine=9::m', '::notice::n'])
    expect(report.result().annotations).toEqual([
      { level: 'error', title: 'T', file: 'a/b.yml', line: 3, col: 7, message: 'm' },
      { level: 'notice', message: 'n' },
    ])
  })

  test('are limited to ten of a level and 4096 characters; the log has all', () => {
    const { report } = handle([
      ...Array.from({ length: 12 }, (_, i) => `::error::e${i}`),
      `::warning::${'x'.repeat(5000)}`,
    ])
    const { annotations, droppedAnnotations, log } = report.result()
    expect(annotations.filter((a) => a.level === 'error').map((a) => a.message)).toEqual(
      Array.from({ length: 10 }, (_, i) => `e${i}`),
    )
    expect(droppedAnnotations).toBe(2)
    expect(annotations.at(-1)).toMatchObject({ level: 'warning', message: 'x'.repeat(4096) })
    expect(log).toContain('##[error]e11\n')
  })

  test('are masked, title included', () => {
    const { report } = handle(['::add-mask::hush', '::error title=a hush b::hush'])
    expect(report.result().annotations).toEqual([{ level: 'error', title: 'a *** b', message: '***' }])
  })
})
