import { expect, test } from '@jest/globals'
import { isPlainIn } from '../../../src/tools/http/trust'

test.each([
  ['server = "http://registry.example:5000"', 'registry.example:5000', true],
  ["  server='http://registry.example:5000/'", 'registry.example:5000', true],
  ['[host."http://registry.example:5000"]\n  capabilities = ["pull"]', 'registry.example:5000', true],
  ['server = "https://registry.example:5000"', 'registry.example:5000', false],
  ['# server = "http://registry.example:5000"', 'registry.example:5000', false],
  ['server = "http://mirror:5000"', 'docker.io', false],
  ['server = "https://registry-1.docker.io"\n[host."http://mirror:5000"]', 'docker.io', false],
  ['server = "http://registry.example.evil:5000"', 'registry.example', false],
  ['server = "http://registry.example:5001"', 'registry.example:5000', false],
  ['', 'registry.example', false],
])('%j speaks plain HTTP for %s: %s', (text, host, expected) => expect(isPlainIn(text, host)).toBe(expected))
