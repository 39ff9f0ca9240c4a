import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { READ_LIMITS } from '../../src/reader/protocol'
import { readFiles } from '../../src/reader/read-files'
import { temporaryFolders } from '../support/temporary'

const folder = temporaryFolders()
const PARSERS = resolve('dist/reader')
const SIGNED = 'ghcr.io/team/signed:1'
const EVIL = 'evil.example.com/app:1'

/** Each names EVIL for the tool that uses the file, and shows SIGNED to whoever reads it otherwise. */
const FILES: Readonly<Record<string, string>> = {
  'variant.Dockerfile': `FROM ${SIGNED} AS base\nFROM \${TARGETVARIANT:-${EVIL}}\n`,
  'argument.Dockerfile': `ARG B=\${TARGETVARIANT:+${SIGNED}}\nFROM \${B:-${EVIL}}\n`,
  'continued.Dockerfile': `FROM ${SIGNED}\nRUN echo \\\\\nFROM ${EVIL}\n`,
  'blanks.Dockerfile': `FROM ${SIGNED}\nRUN : <<"RUN x"\nFROM ${SIGNED} AS E\nRUN x\nFROM ${EVIL}\n`,
  'spaced.Dockerfile': `FROM ${SIGNED}\nRUN : << USER\nFROM ${SIGNED} AS ${EVIL}\nUSER\nFROM ${EVIL}\n`,
  'returns.Dockerfile': `FROM ${SIGNED}\nRUN echo \\\r\r\nFROM ${SIGNED} AS E\nFROM ${EVIL}\n`,
  'mount.Dockerfile': `FROM ${SIGNED}\nRUN --mount=type=bind,from=${SIGNED},from=${EVIL},target=/x true\n`,
  'syntax.Dockerfile': `# syntax=${EVIL} \u2028x\nFROM ${SIGNED}\n`,
  'long.Dockerfile': `# syntax=${EVIL} ${'x'.repeat(5000)}\nFROM ${SIGNED}\n`,
  'odd-name': `FROM ${EVIL}\n`,
  'return.yaml': `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    #\r    image: ${EVIL}\n`,
  'separator.yaml': `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    #\u2028    image: ${EVIL}\n`,
  'binary.yaml': `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    !!binary aW1hZ2U=: ${EVIL}\n`,
  'compose-web.yaml': `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: ${EVIL}\n`,
  'two.json': `{"a":"b"}{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"a","image":"${EVIL}"}]}}`,
  'values.yaml': `sidecar:\n  image: ${EVIL}\n`,
  'a/compose.yaml': `services:\n  a:\n    image: "${SIGNED}"\n  b:\n    volumes: [{type: "\${T:-image}", source: ${EVIL}, target: /x}]\n    image: ${SIGNED}\n`,
  'b/compose.yaml': `services:\n  a:\n    build: {context: ., args: {BASE: ${EVIL}}, dockerfile_inline: "ARG BASE=${SIGNED}\\nFROM $$BASE"}\n`,
  '.forgejo/workflows/a.yml': `on: push\njobs:\n  a:\n    runs-on: docker\n    container: {image: ${EVIL}}\n    steps: []\n`,
}

test('files that are written to be overlooked are seen as the tools see them', async () => {
  const workspace = realpathSync(folder())
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
  const files = Object.keys(FILES).map((path) => ({ path, as: 'auto' as const }))
  const request = { parsers: PARSERS, workspace, files, environment: {} }
  const answer = await readFiles(request, READ_LIMITS, new AbortController().signal)
  const seen = answer.files.map(({ path, images }) => [path, images.some(({ name }) => name.startsWith(EVIL))])
  expect(seen).toEqual(Object.keys(FILES).map((path) => [path, true]))
}, 120_000)

test('an aborted run ends at once', async () => {
  const workspace = realpathSync(folder())
  writeFileSync(join(workspace, 'Dockerfile'), `FROM ${SIGNED}\n`)
  const abort = new AbortController()
  const request = { parsers: PARSERS, workspace, files: [{ path: 'Dockerfile', as: 'auto' as const }], environment: {} }
  const reading = readFiles(request, READ_LIMITS, abort.signal)
  abort.abort(new Error('cancelled'))
  await expect(reading).rejects.toThrow('cancelled')
})
