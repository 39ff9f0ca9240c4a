/**
 * Files that become YAML only when a template engine has run (Helm, Jinja): no YAML parser reads them. The lines with
 * `image:` are looked at one by one; what they name is verified, and the file as a whole stays unresolved.
 */
import type { Findings } from './found'

const ACTION = /\{\{|\{%|<%/
const IMAGE_LINE = /^[ \t]*(?:- +)?(["']?)image\1[ \t]*:[ \t]+(\S.*)$/
const QUOTED = /^(?:"([^"]*)"|'([^']*)')/
const LONGEST_LINE = 4096

/** True for text with the marks of a template engine. */
export function isTemplateFile(text: string): boolean {
  return ACTION.test(text)
}

/** Notes the `image:` lines of a template. */
export function readTemplateLines(text: string, findings: Findings): void {
  const first = text.slice(0, text.search(ACTION)).split('\n').length
  findings.open(
    '{{ … }}',
    { line: first },
    'the file is a template: which images it names shows when it is filled in',
    'template',
  )
  text.split('\n').forEach((line, index) => {
    const [, , value] = (line.length > LONGEST_LINE ? null : IMAGE_LINE.exec(line.trimEnd())) ?? []
    if (value === undefined) return
    const at = { line: index + 1, column: line.indexOf(value) + 1 }
    findings.image(plainValue(value), at, 'kubernetes-container')
  })
}

/** The value without quotes and comment. */
function plainValue(value: string): string {
  if (value.startsWith('{{')) return value
  const [quoted, double, single] = QUOTED.exec(value) ?? []
  if (quoted !== undefined) return double ?? single ?? ''
  return value.replace(/[ \t]+#.*$/, '')
}
