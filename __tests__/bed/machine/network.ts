import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '../build/cache'
import { runAsRoot } from '../process'

/**
 * Writes the default network of a bed's containers, below `dir`, and returns the folder for nerdctl's configuration.
 * nerdctl's own one has a fixed bridge and subnet, which two beds, or one after another, cannot have.
 */
export async function writeNetwork(dir: string): Promise<string> {
  const folder = join(dir, 'cni-net')
  await mkdir(folder, { recursive: true })
  const random = randomBytes(4)
  const bridge = `bed${random.toString('hex')}`
  const subnet = `10.${128 + (random.readUInt8(0) & 127)}.${random.readUInt8(1)}`
  const ipam = {
    type: 'host-local',
    dataDir: join(dir, 'cni-addresses'),
    ranges: [[{ subnet: `${subnet}.0/24`, gateway: `${subnet}.1` }]],
    routes: [{ dst: '0.0.0.0/0' }],
  }
  const network = {
    cniVersion: '1.0.0',
    name: 'bridge',
    nerdctlID: randomBytes(32).toString('hex'),
    nerdctlLabels: { 'nerdctl/default-network': 'true' },
    plugins: [
      { type: 'bridge', bridge, isGateway: true, ipMasq: false, hairpinMode: true, ipam },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  }
  await writeFile(join(folder, 'nerdctl-bridge.conflist'), JSON.stringify(network, null, 2))
  await writeFile(join(dir, 'bridge'), bridge)
  return folder
}

/** Removes the bridge of {@link writeNetwork}, if a container has ever made the plugin set it up. */
export async function removeNetwork(dir: string): Promise<void> {
  const bridge = await readFile(join(dir, 'bridge'), 'utf8').catch(() => undefined)
  if (bridge === undefined || !(await exists(join('/sys/class/net', bridge)))) return
  await runAsRoot(['ip', 'link', 'delete', bridge], { check: false })
}
