/**
 * Registries whose certificate a private CA has made, plain ones by hosts.toml, and proxies: every part (nerdctl, cosign, and
 * Node here) has to see them alike.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { stringify } from 'yaml'
import { withHostName } from '../../bed/machine/hosts'
import { runAsRoot } from '../../bed/process'
import { type Registry, startRegistry } from '../../bed/registry/registry'
import type { CosignKey } from '../../bed/sigstore/keys'
import { titles, told } from '../support/evidence'
import { startWorkbench, type Workbench } from '../support/workbench'

jest.setTimeout(60_000)

const host = 'registry.private.test'
const plainHost = 'plain.private.test'
const login = { username: 'team', password: 'registry password' }

let bench: Workbench
let registry: Registry
let key: CosignKey
const undo: (() => Promise<unknown>)[] = []

/** Nothing of this machine's own settings; `SSL_CERT_DIR` would add to whatever the test trusts. */
const bare = {
  SSL_CERT_FILE: undefined,
  SSL_CERT_DIR: undefined,
  NODE_EXTRA_CA_CERTS: undefined,
  HTTPS_PROXY: undefined,
  https_proxy: undefined,
  HTTP_PROXY: undefined,
  http_proxy: undefined,
  NO_PROXY: undefined,
  no_proxy: undefined,
}

beforeAll(async () => {
  bench = await startWorkbench()
  undo.unshift(() => bench.stop())
  for (const name of [host, plainHost]) undo.unshift(await withHostName(name))
  const { dir, toolchain } = bench.bed
  registry = await startRegistry({ dir: join(dir, 'private'), toolchain, tls: true, host, htpasswd: login })
  undo.unshift(() => registry.stop())
  key = await bench.bed.keys.quick('trust', 'password of the key')
  await bench.bed.makeImage({ name: 'trust:1', marker: 'trust' })
}, 40 * 60_000)

afterAll(async () => {
  for (const step of undo) await step()
}, 60_000)

async function signAndVerify(
  name: string,
  env: Record<string, string | undefined>,
  inputs: Record<string, string> = {},
) {
  const auth = { 'registry-auth': stringify([{ registry: registry.name, ...login }]), ...inputs }
  const signing = { image: 'trust:1', key: key.privatePem, 'key-password': key.password }
  const job = { env: { ...bare, ...env } }
  const signed = await bench.sign({ tags: name, ...signing, ...auth }, job)
  const checking = { images: name, key: key.publicPem, 'transparency-log': 'ignore' }
  const verified = await bench.verify({ ...checking, ...auth }, job)
  return { signed, verified }
}

/** Writes a file below certs.d, which only root can, for as long as `work` takes. */
async function withHostFile<T>(name: string, file: string, text: string, work: () => Promise<T>): Promise<T> {
  const parents = ['/etc/containerd', '/etc/containerd/certs.d']
  const made = parents.filter((path) => !existsSync(path))
  const folder = join('/etc/containerd/certs.d', name)
  await runAsRoot(['mkdir', '-p', folder])
  try {
    await runAsRoot(['tee', join(folder, file)], { input: text })
    return await work()
  } finally {
    await runAsRoot(['rm', '-rf', folder])
    // Others may have put something beside it meanwhile.
    for (const path of made.reverse()) await runAsRoot(['rmdir', path], { check: false })
  }
}

describe('a private CA', () => {
  test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])('by %s', async (variable) => {
    const name = `${registry.name}/${variable.toLowerCase().replaceAll('_', '-')}:1`
    const { signed, verified } = await signAndVerify(name, { [variable]: registry.caFile ?? '' })
    expect(titles(signed)).toEqual([])
    expect(verified.outputs.result).toBe('passed')
  })

  test('by certs.d', async () => {
    const authority = await readFile(registry.caFile ?? '', 'utf8')
    const name = `${registry.name}/certs-d:1`
    const { signed, verified } = await withHostFile(registry.name, 'ca.crt', authority, () => signAndVerify(name, {}))
    expect(titles(signed)).toEqual([])
    expect(verified.outputs.result).toBe('passed')
  })

  test('by nobody: an error that says so, before anything is pushed', async () => {
    const { signed, verified } = await signAndVerify(`${registry.name}/unknown:1`, {})
    expect(titles(signed)).toEqual(['The registry cannot be reached'])
    expect(told(signed, 'error')[0]?.message).toMatch(/certificate/)
    expect(verified.outputs.result).toBe('error')
    expect(await registry.tags('unknown')).toEqual([])
  })
})

test('a plain registry under another name, by hosts.toml', async () => {
  const name = `${plainHost}:${bench.bed.registry.endpoint.port}`
  const text = `server = "http://${name}"\n\n[host."http://${name}"]\n  capabilities = ["pull", "resolve", "push"]\n`
  const { signed, verified } = await withHostFile(name, 'hosts.toml', text, () => {
    return signAndVerify(`${name}/plain:1`, {}, { 'registry-auth': '' })
  })
  expect(titles(signed)).toEqual([])
  expect(verified.outputs.result).toBe('passed')
})

describe('HTTPS_PROXY', () => {
  const tunnels: string[] = []
  let proxy: Server
  let address: string

  beforeAll(async () => {
    proxy = createServer()
    proxy.on('connect', (request, socket) => {
      tunnels.push(`${request.url} ${request.headers['user-agent'] ?? 'node'}`)
      const target = connect(registry.endpoint.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(target).pipe(socket)
      })
      for (const end of [socket, target]) end.on('error', () => end.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    undo.unshift(async () => proxy.close())
    address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  })

  const dryRun = (env: Record<string, string>) => {
    const auth = stringify([{ registry: registry.name, ...login }])
    const signing = { image: 'trust:1', key: key.privatePem, 'key-password': key.password, 'dry-run': 'true' }
    const inputs = { tags: `${registry.name}/proxied:1`, 'registry-auth': auth, ...signing }
    return bench.sign(inputs, { env: { ...bare, SSL_CERT_FILE: registry.caFile ?? '', ...env } })
  }

  test('is asked for the registry', async () => {
    expect(titles(await dryRun({ HTTPS_PROXY: address }))).toEqual([])
    expect(tunnels.some((tunnel) => tunnel.startsWith(registry.name))).toBe(true)
  })

  test('is not asked for a host in NO_PROXY', async () => {
    const before = tunnels.length
    expect(titles(await dryRun({ HTTPS_PROXY: address, NO_PROXY: host }))).toEqual([])
    expect(tunnels.length).toBe(before)
  })
})
