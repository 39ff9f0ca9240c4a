import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Toolchain } from '../build/toolchain'
import type { Containerd } from '../machine/containerd'
import { hostPlatform, type LayoutOptions, makeLayout } from './oci-layout'
import type { Descriptor } from './registry-client'

/** An image to make and load. */
export interface ImageOptions extends Omit<LayoutOptions, 'program'> {
  /** A short name such as `app:1` gets the prefix that Docker's names have in the store. */
  readonly name: string
  /** With a program that prints the marker and its arguments, for `finch run`. */
  readonly runnable?: boolean
}

/** An image in the bed's containerd. */
export interface Image {
  /** As it was asked for. */
  readonly name: string
  /** As containerd stores it. */
  readonly storedName: string
  /** What a push of the whole image gives it. */
  readonly digest: string
  readonly mediaType: string
  readonly manifests: Readonly<Record<string, Descriptor>>
}

/** Makes an image and loads it into containerd, in the namespace that Finch looks at. */
export async function makeImage(
  bed: { dir: string; containerd: Containerd; toolchain: Pick<Toolchain, 'hello'> },
  options: ImageOptions,
): Promise<Image> {
  const { name, runnable, ...contents } = options
  const storedName = fullName(name)
  const program = runnable === true ? { program: await readFile(bed.toolchain.hello) } : {}
  const wanted = contents.present ?? contents.platforms ?? [hostPlatform]
  // ctr imports one platform or all: where some are to be there, the others are taken away afterwards.
  const some = wanted.length > 1 && contents.present !== undefined
  const kept = makeLayout(storedName, { ...contents, ...program })
  const layout = some ? makeLayout(storedName, { ...contents, ...program, present: contents.platforms ?? [] }) : kept
  const file = join(bed.dir, `image-${layout.top.digest.slice(7, 19)}.tar`)
  await writeFile(file, layout.archive)
  // What is not of the present platforms is neither looked for nor unpacked.
  const unpack = runnable === true ? [] : ['--no-unpack']
  const platforms = wanted.length === 1 ? ['--platform', wanted[0] ?? ''] : ['--all-platforms']
  await bed.containerd.ctr(['images', 'import', ...unpack, ...platforms, file])
  await rm(file)
  const absent = layout.digests.filter((digest) => !kept.digests.includes(digest))
  if (absent.length > 0) await bed.containerd.ctr(['content', 'rm', ...absent])
  const { digest, mediaType } = layout.top
  return { name, storedName, digest, mediaType, manifests: layout.manifests }
}

function fullName(name: string): string {
  const tagged = /:[^/]*$/.test(name) ? name : `${name}:latest`
  const [first = ''] = tagged.split('/')
  const hasHost = tagged.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  if (hasHost) return tagged
  return `docker.io/${tagged.includes('/') ? '' : 'library/'}${tagged}`
}
