import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { isOwnFolder } from '../../../src/tools/files/own-folder'
import { temporaryFolders } from '../../support/temporary'

const temporary = temporaryFolders()

test.each([
  [0o755, true],
  [0o700, true],
  [0o775, false],
  [0o777, false],
  [0o1777, false],
])('a folder with the mode %o is a place for programs: %s', (mode, isOne) => {
  const folder = join(temporary(), 'cache')
  mkdirSync(folder)
  chmodSync(folder, mode)
  expect(isOwnFolder(folder)).toBe(isOne)
})

test('neither is a link; what is not there yet will be', () => {
  const folder = temporary()
  symlinkSync('/usr', join(folder, 'link'))
  expect(isOwnFolder(join(folder, 'link'))).toBe(false)
  expect(isOwnFolder(join(folder, 'none'))).toBe(true)
})
