// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the files that are read
import { describe, expect, test } from '@jest/globals'
import { discoverImages } from '../../../src/domain/discovery/discover'

const read = (text: string, path = 'Dockerfile') => discoverImages({ path, text })
const names = (text: string) => read(text).images.map(({ line, name }) => `${line} ${name}`)
const open = (text: string) => read(text).unresolved.map(({ line, cause }) => `${line} ${cause}`)

describe('which files are Dockerfiles', () => {
  test.each([
    'Dockerfile',
    'a/Dockerfile.dev',
    'x.Dockerfile',
    'x.dockerfile',
    'Containerfile',
    'Containerfile.test',
    'dockerfile',
  ])('%s is one', (path) => {
    expect(read('FROM alpine:3', path).images).toHaveLength(1)
  })

  test.each(['Dockerfile.dockerignore', 'Dockerfile.md', 'Dockerfiles', 'my-Dockerfile'])('%s is none', (path) => {
    expect(read('FROM alpine:3', path)).toEqual({ kind: 'other', images: [], unresolved: [] })
  })
})

describe('lines are taken apart as BuildKit does', () => {
  test.each<[string, string, string[]]>([
    ['an instruction over several lines', 'FR\\\nOM al\\\npine:3', ['2 alpine:3']],
    ['white space after the sign of continuation', 'FROM \\ \t\n  alpine:3', ['2 alpine:3']],
    ['comments and blank lines between', 'FROM \\\n# a\n\n  # b\n alpine:3 \\\n AS x', ['5 alpine:3']],
    ['a comment that ends with the sign', '# x \\\nFROM alpine:3', ['2 alpine:3']],
    ['an indented instruction', ' \t FROM alpine:3', ['1 alpine:3']],
    ['other white space between the words', 'FROM\valpine:3\f AS\tx', ['1 alpine:3']],
    ['an indented instruction behind a blank that JavaScript does not know', '\u0085FROM alpine:3', ['1 alpine:3']],
    ['an escape directive after others', '# syntax=a/b:1\n# escape=`\nFROM `\n c/d:1', ['1 a/b:1', '4 c/d:1']],
    ['an escape directive too late', '# hello\n# escape=`\nFROM a/b:1 `\n', ['3 a/b:1']],
    ['a syntax directive too late', '\n# syntax=a/b:1\nFROM a/c:1', ['3 a/c:1']],
    ['a syntax directive with options', '#syntax = a/b:1 --x', ['1 a/b:1']],
    ['a syntax directive in C style', '// syntax=a/b:1', ['1 a/b:1']],
    ['a syntax directive below #!', '#!/usr/bin/env x\n# syntax=a/b:1', ['2 a/b:1']],
    ['no line feed at the end', 'FROM a/b:1', ['1 a/b:1']],
  ])('%s', (_what, text, expected) => {
    expect(names(text)).toEqual(expected)
  })

  test.each<[string, string, string[]]>([
    ['a plain one', 'RUN <<EOF\nFROM x/y:1\nEOF\nFROM a/b:1', ['4 a/b:1']],
    ['with a number', 'RUN cat 3<<EOF\nFROM x/y:1\nEOF\nFROM a/b:1', ['4 a/b:1']],
    ['with tabs', 'RUN cat <<-EOF\n\tFROM x/y:1\n\t\tEOF\nFROM a/b:1', ['4 a/b:1']],
    ['quoted', 'COPY <<"E F" /x\nFROM x/y:1\nE F\nFROM a/b:1', ['2 x/y:1', '4 a/b:1']],
    ['with a quoted name', "COPY <<'EOF' /x\nFROM x/y:1\nEOF\nFROM a/b:1", ['4 a/b:1']],
    ['two of them', 'COPY <<A <<B /x\nFROM x/y:1\nA\nFROM x/z:1\nB\nFROM a/b:1', ['6 a/b:1']],
    ['behind ONBUILD', 'ONBUILD RUN <<EOF\nFROM x/y:1\nEOF\nFROM a/b:1', ['4 a/b:1']],
    ['on a continued line', 'RUN x \\\n <<EOF\nFROM x/y:1\nEOF\nFROM a/b:1', ['5 a/b:1']],
  ])('a here-document is skipped: %s', (_what, text, expected) => {
    expect(names(text)).toEqual(expected)
  })

  test.each([
    ['in quotes', 'RUN echo "x <<EOF y"'],
    ['quoted as one word', "RUN echo '<<EOF'"],
    ['escaped', 'RUN echo \\<<EOF'],
    ['behind an open quote', "RUN echo it's <<EOF"],
    ['in JSON', 'RUN ["x","<<EOF"]'],
    ['a here-string', 'RUN cat <<<EOF'],
    ['a shift', 'RUN echo $((1 << 2)) $((1<<2))'],
    ['inside a word', 'RUN echo a<<EOF'],
    ['of an instruction that takes none', 'CMD cat <<EOF'],
  ])('what only looks like a here-document hides no FROM: %s', (_what, line) => {
    expect(names(`${line}\nFROM a/b:1\nEOF`)).toEqual(['2 a/b:1'])
  })

  test('a here-document that is never closed is a mistake', () => {
    expect(open('FROM a/b:1\nRUN <<EOF\nFROM x/y:1')).toEqual(['2 invalid'])
  })

  test('a line that is no instruction is a mistake, or a template', () => {
    expect(open('FROM a/b:1\nFORM x/y:1\n{% if x %}\nINCLUDE {{ y }}')).toEqual([
      '2 invalid',
      '3 template',
      '4 template',
    ])
  })
})

describe('variables', () => {
  test.each<[string, string, string[]]>([
    ['a default', 'ARG T=1\nFROM a/b:$T', ['2 a/b:1']],
    ['quotes', 'ARG T="1" U=\'2\'\nFROM "a/b:${T}-$U"', ['2 a/b:1-2']],
    ['a default from another', 'ARG R=a.b/c\nARG I=${R}/d\nFROM $I', ['3 a.b/c/d']],
    ['the last default', 'ARG T=1\nARG T=2\nFROM a/b:$T', ['3 a/b:2']],
    ['a default in the place of use', 'ARG T\nFROM a/b:${T:-3}', ['2 a/b:3']],
    ['an alternative', 'ARG T=1\nFROM a/b:x${T:+-debug}', ['2 a/b:x-debug']],
    ['a nested default', 'FROM a/b:${T:-${U:-4}}', ['1 a/b:4']],
    ['a stage', 'ARG V=prod\nFROM a/b:1 AS base-prod\nFROM base-$V', ['2 a/b:1']],
    ['an ARG in a stage is out of scope', 'ARG T=1\nFROM a/b:1\nARG T=2\nFROM a/c:$T', ['2 a/b:1', '4 a/c:1']],
    ['a platform chooses a stage', 'FROM a/b:1 AS x-arm64\nFROM x-${TARGETARCH}', ['1 a/b:1']],
    ['an escaped dollar sign is text', 'FROM a/b:\\$T', []],
  ])('%s', (_what, text, expected) => {
    expect(names(text)).toEqual(expected)
  })

  test.each([
    ['no default', 'ARG T\nFROM a/b:$T', '2 template'],
    ['not declared', 'FROM a/b$T', '1 template'],
    ['declared in a stage only', 'FROM scratch\nARG T=1\nFROM a/b:$T', '3 template'],
    ['a default that refers to none', 'ARG U\nARG T=x$U\nFROM a/b:$T', '3 template'],
    ['required', 'ARG T\nFROM a/b:${T:?which}', '2 template'],
    ['empty', 'ARG T=\nFROM a/b:$T', '2 invalid'],
    ['the platform', 'FROM a/b:$TARGETARCH', '1 template'],
    ['a form that is not known', 'ARG T=1.2\nFROM a/b:${T%.*}', '2 invalid'],
    ['not closed', 'ARG T=1\nFROM a/b:${T', '2 invalid'],
    ['in COPY --from', 'ARG T=1\nFROM a/b:1\nCOPY --from=a/c:$T / /', '3 invalid'],
    ['in a mount', 'ARG T=1\nFROM a/b:1\nRUN --mount=from=a/c:$T,target=/x y', '3 invalid'],
  ])('open: %s', (_what, text, expected) => {
    expect(open(text)).toEqual([expected])
  })

  test('defaults that double each other stay small', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `ARG A${index + 1}=$A${index}$A${index}`)
    expect(open(`ARG A0=xxxxxxxx\n${lines.join('\n')}\nFROM a/b:$A60`)).toEqual(['62 template'])
  })
})

describe('sources', () => {
  test.each<[string, string[]]>([
    ['COPY --from=a/b:1 / /', ['2 a/b:1']],
    ['COPY --link --chown=1:1 --from="a/b:1" / /', ['2 a/b:1']],
    ['COPY --from=later / /', []],
    ['COPY --from=LATER / /', []],
    ['COPY --from=1 / /', []],
    ['COPY --from=scratch / /', []],
    ['COPY /--from=a/b:1 /', []],
    ['COPY x --from=a/b:1 /', []],
    ['ADD --from=a/b:1 / /', []],
    ['RUN --mount=type=bind,from=a/b:1,target=/x make', ['2 a/b:1']],
    ['RUN --mount=FROM=a/b:1,target=/x --mount=type=cache,"from=a/c:1" make', ['2 a/b:1', '2 a/c:1']],
    ['RUN --network=none --mount=type=secret,id=x make --mount=from=a/b:1', []],
    ['ONBUILD COPY --from=a/b:1 / /', ['2 a/b:1']],
    ['ONBUILD RUN --mount=from=a/b:1 x', ['2 a/b:1']],
    ['ONBUILD ONBUILD COPY --from=a/b:1 / /', []],
  ])('%s', (line, expected) => {
    expect(names(`FROM scratch\n${line}\nFROM scratch AS later`)).toEqual(expected)
  })

  test('a name that is only later a stage is an image for FROM', () => {
    expect(names('FROM later\nFROM scratch AS later')).toEqual(['1 later'])
  })

  test('words after the image that BuildKit refuses are a mistake', () => {
    expect(open('FROM a/b:1 x')).toEqual(['1 invalid'])
    expect(open('FROM')).toEqual(['1 invalid'])
  })

  test('the kind of use is said', () => {
    const text = '# syntax=a/s:1\nFROM a/f:1\nCOPY --from=a/c:1 / /\nRUN --mount=from=a/m:1 x'
    expect(read(text).images.map(({ kind }) => kind)).toEqual([
      'dockerfile-syntax',
      'dockerfile-from',
      'dockerfile-copy',
      'dockerfile-mount',
    ])
  })
})
