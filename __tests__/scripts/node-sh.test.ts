import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { script, temporaryFolders } from '../support/temporary'

const folder = temporaryFolders()
const SCRIPT = resolve(import.meta.dirname, '../../scripts/node.sh')

/** A copy of the script beside a dist of its own, and a machine with just these Nodes. */
function machine() {
  const root = folder()
  for (const name of ['scripts', 'dist', 'bin', 'a b']) mkdirSync(join(root, name))
  const path = join(root, 'scripts', 'node.sh')
  copyFileSync(SCRIPT, path)
  writeFileSync(join(root, 'dist', 'index.js'), '')
  const node = (where: string, version: string, broken = false): string => {
    mkdirSync(join(root, where), { recursive: true })
    const answer = broken ? 'exit 1' : `echo ${version}; exit 0`
    return script(
      join(root, where),
      'node',
      `if [ "$1" = --version ]; then ${answer}; fi\necho "node ${version} pid $$: $*"`,
    )
  }
  const run = (words: string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync('/bin/bash', ['-c', 'ulimit -S -c "$(ulimit -H -c)"; exec /bin/bash "$@"', '-', path, ...words], {
      encoding: 'utf8',
      env: { PATH: `${join(root, 'bin')}:/usr/bin-none:${coreutils}`, ...env },
    })
  const coreutils = join(root, 'core')
  mkdirSync(coreutils)
  script(coreutils, 'readlink', 'exec /usr/bin/readlink "$@"')
  return { root, node, run }
}

describe('in Git Bash on Windows', () => {
  /** Git Bash's own program for paths, as far as it is needed: /d/a is D:/a. */
  function windows() {
    const made = machine()
    script(join(made.root, 'core'), 'cygpath', `[ "$1" = -m ] && echo "D:$2"`)
    const shown = '$MSYS_NO_PATHCONV $MSYS2_ARG_CONV_EXCL $MSYS2_ENV_CONV_EXCL'
    const node = (where: string, name: string, version: string): void => {
      mkdirSync(join(made.root, where), { recursive: true })
      script(
        join(made.root, where),
        name,
        `if [ "$1" = --version ]; then printf '${version}\\r\\n'; exit 0; fi\nset -f\necho "$* | ${shown} | $INPUT_KEY_PASSWORD"`,
      )
    }
    return { ...made, node }
  }

  test('Node gets its path as Windows writes it, and every other value untouched', () => {
    const { root, node, run } = windows()
    node('bin', 'node', 'v22.1.0')
    const { stdout } = run(['sign', '/not/a/path'], { INPUT_KEY_PASSWORD: '/secret' })
    expect(stdout).toBe(`D:${root}/scripts/../dist/index.js sign /not/a/path | 1 * * | /secret\n`)
  })

  test("the runner's node.exe is found, whose lines end as Windows ends them", () => {
    const { root, node, run } = windows()
    node('runner/externals/node24/bin', 'node.exe', 'v24.0.0')
    mkdirSync(join(root, 'runner', '_work', '_temp'), { recursive: true })
    expect(run(['x'], { RUNNER_TEMP: join(root, 'runner', '_work', '_temp') }).stdout).toContain('index.js x | 1')
  })

  test('a folder with blanks and a drive is no hindrance', () => {
    const { root, node } = windows()
    node('bin', 'node', 'v20.6.0')
    const copy = join(root, 'a b', 'scripts')
    mkdirSync(copy)
    copyFileSync(SCRIPT, join(copy, 'node.sh'))
    const { stdout } = spawnSync('/bin/bash', [join(copy, '..', 'scripts/node.sh'), 'x'], {
      encoding: 'utf8',
      env: { PATH: `${root}/bin:${root}/core` },
    })
    expect(stdout).toContain(`D:${root}/a b/scripts/../dist/index.js x`)
  })
})

test('shell scripts have the line ends of Unix wherever they are checked out', () => {
  const attributes = readFileSync(resolve(import.meta.dirname, '../../.gitattributes'), 'utf8')
  expect(attributes).toMatch(/^\* text=auto eol=lf$/m)
  expect(readFileSync(SCRIPT, 'utf8')).not.toContain('\r')
})

describe('the last step', () => {
  /** A session in a RUNNER_TEMP, and what the step prints: nothing where it needed no Node. */
  function ending(change: NodeJS.ProcessEnv = {}, name = 'finch-signing-abc') {
    const { root, node, run } = machine()
    node('bin', 'v20.6.0')
    script(join(root, 'core'), 'rm', 'exec /bin/rm "$@"')
    const session = join(root, 'temp', name)
    mkdirSync(join(session, 'docker'), { recursive: true })
    writeFileSync(join(session, 'docker', 'config.json'), '{}')
    const env = { RUNNER_OS: 'Linux', RUNNER_TEMP: join(root, 'temp'), SESSION: session, ...change }
    const end = (words: string[] = ['cleanup']) => run(words, env)
    return { root, session, end }
  }

  test('removes the session without Node, and nothing beside it', () => {
    const { root, session, end } = ending()
    mkdirSync(join(root, 'temp', 'finch-signing-other'))
    expect(end()).toMatchObject({ status: 0, stdout: '' })
    expect(readdirSync(join(root, 'temp'))).toEqual(['finch-signing-other'])
    expect(existsSync(session)).toBe(false)
  })

  test.each<[string, NodeJS.ProcessEnv, string]>([
    ['no session was begun', { SESSION: '' }, 'finch-signing-a'],
    ['Finch runs in a virtual machine', { RUNNER_OS: 'macOS' }, 'finch-signing-a'],
    ['the system is not known', { RUNNER_OS: '' }, 'finch-signing-a'],
    ['there is no RUNNER_TEMP', { RUNNER_TEMP: '' }, 'finch-signing-a'],
    ['the folder lies elsewhere', { RUNNER_TEMP: '/elsewhere' }, 'finch-signing-a'],
    ['the folder is another one', {}, 'of-somebody-else'],
  ])('is left to Node where %s', (_what, change, name) => {
    const { session, end } = ending(change, name)
    expect(end().stdout).toContain('index.js cleanup')
    expect(existsSync(session)).toBe(true)
  })

  test('is left to Node where the folder is a link', () => {
    const { root, session } = ending()
    const link = join(root, 'temp', 'finch-signing-link')
    symlinkSync(session, link)
    const { stdout } = ending({ RUNNER_TEMP: join(root, 'temp'), SESSION: link }).end()
    expect(stdout).toContain('index.js cleanup')
    expect(existsSync(session)).toBe(true)
  })

  test('is left to Node where something could not be removed', () => {
    const { root, session, end } = ending()
    script(join(root, 'core'), 'rm', 'echo denied >&2; exit 1')
    const { stdout, stderr } = end()
    expect(stdout).toContain('index.js cleanup')
    expect(stderr).not.toContain('denied')
    expect(existsSync(session)).toBe(true)
  })

  test('is the only one that removes anything', () => {
    const { session, end } = ending()
    expect(end(['sign']).stdout).toContain('index.js sign')
    expect(existsSync(session)).toBe(true)
  })
})

describe('scripts/node.sh', () => {
  test('changes no variable where there is no Git Bash', () => {
    const { root, run } = machine()
    script(join(root, 'bin'), 'node', `[ "$1" = --version ] && echo v20.0.0 && exit; echo "[$MSYS2_ENV_CONV_EXCL]"`)
    expect(run(['x']).stdout).toBe('[]\n')
  })

  test('runs the bundle with the words as they are', () => {
    const { root, node, run } = machine()
    node('bin', 'v20.1.0')
    const { stdout, status, pid } = run(['sign', 'a b', '*', '$HOME'])
    expect(stdout).toBe(`node v20.1.0 pid ${pid}: ${root}/scripts/../dist/index.js sign a b * $HOME\n`)
    expect(status).toBe(0)
  })

  test('believes the header beside a Node, and does not start it to ask', () => {
    const { root, run } = machine()
    const header = (major: string): void => {
      mkdirSync(join(root, 'include', 'node'), { recursive: true })
      writeFileSync(join(root, 'include', 'node', 'node_version.h'), `#ifndef X\n#define NODE_MAJOR_VERSION ${major}\n`)
    }
    script(join(root, 'bin'), 'node', 'echo "started: $1"')
    header('22')
    expect(run(['sign']).stdout).toBe(`started: ${root}/scripts/../dist/index.js\n`)
    header('18')
    expect(run(['sign']).status).toBe(1)
  })

  test("takes the runner's own Node before that on PATH", () => {
    const { root, node, run } = machine()
    node('bin', 'v22.0.0')
    node('runner/externals/node24/bin', 'v24.0.0')
    mkdirSync(join(root, 'runner', '_work', '_temp'), { recursive: true })
    expect(run(['x'], { RUNNER_TEMP: join(root, 'runner', '_work', '_temp') }).stdout).toContain('node v24.0.0')
  })

  test.each(['v18.20.0', 'v16.0.0', 'nonsense', 'v9.9.9'])('passes over a Node that says %s', (version) => {
    const { node, run } = machine()
    node('bin', version)
    const { stdout, status } = run(['x'])
    expect(stdout).toMatch(/^::error title=No Node found::/)
    expect(status).toBe(1)
  })

  test('passes over one that does not run and takes the next', () => {
    const { root, node, run } = machine()
    node('bin', '', true)
    node('other', 'v21.0.0')
    expect(run(['x'], { PATH: `${root}/bin:${root}/other:${root}/core` }).stdout).toContain('node v21.0.0')
  })

  test('lets no memory of the processes be written to a disk', () => {
    const { root, run } = machine()
    script(join(root, 'bin'), 'node', 'if [ "$1" = --version ]; then echo v20.1.0; exit 0; fi\nulimit -c')
    expect(run(['x']).stdout).toBe('0\n')
  })

  test('says so in an annotation where there is none', () => {
    const { stdout, status } = machine().run(['x'])
    expect(stdout).toContain('actions/setup-node')
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(status).toBe(1)
  })
})

test('a Node whose loader is not there, as one for glibc in an image of Alpine, leaves the next one its turn', () => {
  const { root, node, run } = machine()
  const first = join(root, 'runner/externals/node20')
  mkdirSync(join(first, 'include/node'), { recursive: true })
  mkdirSync(join(first, 'bin'))
  writeFileSync(join(first, 'include/node/node_version.h'), '#define NODE_MAJOR_VERSION 20\n')
  writeFileSync(join(first, 'bin/node'), '#!/no/such/loader\n', { mode: 0o755 })
  node('runner/externals/node24/bin', 'v24.0.0')
  mkdirSync(join(root, 'runner', '_work', '_temp'), { recursive: true })
  const { status, stdout } = run(['x'], { RUNNER_TEMP: join(root, 'runner', '_work', '_temp') })
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^node v24\.0\.0 .*index\.js x\n$/)])
})
