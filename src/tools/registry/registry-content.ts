/**
 * Single requests to a registry, below a repository: manifests, blobs and what stands under cosign's tags.
 */

import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { type Descriptor, MANIFEST_MEDIA_TYPES, type Manifest, parseManifest } from '../../domain/image/manifest'
import { isDigest } from '../../domain/image/reference'
import { NOBODY, tagBeside } from '../../domain/signatures/formats'
import type { AuthorisedSend } from './registry-auth'
import { altered, isRefusal, refused, understood } from './registry-errors'
import type { Request, Response } from './registry-message'

/** A repository in a registry: `localhost:5000` and `team/app`. */
export interface Repository {
  readonly registry: string
  readonly path: string
}

export interface RegistryConnection {
  readonly send: AuthorisedSend
  readonly schemeFor: (host: string) => string
}

/**
 * The manifest under one of cosign's tags of a digest. Artifactory refuses tags that are not there (403), where others say so
 * (404): a refusal counts as absence where the repository answers otherwise, and a tag that surely is not there is refused
 * as well.
 * @param onRefused called where a refusal counts as absence, and the list of tags does not confirm that
 */
export async function beside(
  connection: RegistryConnection,
  repository: Repository,
  digest: string,
  suffix: '' | '.sig' | '.att',
  onRefused: () => void = () => undefined,
): Promise<Manifest | undefined> {
  const find = (name: string): Promise<Manifest | undefined> => getManifest(connection, repository, name)
  const tag = tagBeside(digest, suffix)
  try {
    return await find(tag)
  } catch (refusal) {
    if (!isRefusal(refusal)) throw refusal
    if (!(await isReadable(connection, repository, digest))) throw refusal
    const isHabit = await find(tagBeside(NOBODY, suffix)).then(
      () => false,
      (error: unknown) => isRefusal(error),
    )
    if (!isHabit) return find(tag)
    if (!(await isLeftOut(connection, repository, tag))) onRefused()
    return undefined
  }
}

const tagList = v.object({ tags: v.nullish(v.array(v.unknown())) })

interface TagList {
  readonly tags: readonly string[]
  /** The answer holds all of them. */
  readonly isWhole: boolean
}

/** The tags of a repository in one answer; undefined where it is not there. */
export async function getTags(connection: RegistryConnection, repository: Repository): Promise<TagList | undefined> {
  const response = await get(connection, repository, 'tags/list', 'application/json')
  if (response === undefined) return undefined
  const { tags: all } = understood(() => v.parse(tagList, JSON.parse(response.body.toString('utf8'))), response)
  const tags = (all ?? []).filter((tag): tag is string => typeof tag === 'string')
  return { tags, isWhole: response.headers.link === undefined && tags.length === (all ?? []).length }
}

/** True where the whole list of tags is one answer, and the tag is not in it. */
async function isLeftOut(connection: RegistryConnection, repository: Repository, tag: string): Promise<boolean> {
  const list = await getTags(connection, repository).catch(() => undefined)
  return list?.isWhole === true && list.tags.length > 0 && !list.tags.includes(tag)
}

/** It gives the image itself; one that holds signatures alone lists its tags. */
async function isReadable(connection: RegistryConnection, repository: Repository, digest: string): Promise<boolean> {
  if ((await getManifest(connection, repository, digest)) !== undefined) return true
  return (await get(connection, repository, 'tags/list', 'application/json')) !== undefined
}

export async function getManifest(
  connection: RegistryConnection,
  repository: Repository,
  tagOrDigest: string,
): Promise<Manifest | undefined> {
  const response = await get(connection, repository, `manifests/${tagOrDigest}`, MANIFEST_MEDIA_TYPES.join(', '))
  if (response === undefined) return undefined
  const manifest = understood(() => parseManifest(response.body, response.headers['content-type'] ?? ''), response)
  if (isDigest(tagOrDigest) && manifest.digest !== tagOrDigest)
    throw altered(repository.registry, tagOrDigest, manifest.digest)
  return manifest
}

/** A blob that a manifest names, its bytes checked; that it is absent says that the answer is wrong. */
export async function getBlob(
  connection: RegistryConnection,
  repository: Repository,
  { digest, mediaType }: Descriptor,
): Promise<Buffer> {
  const response = await get(connection, repository, `blobs/${digest}`, mediaType || '*/*', [])
  const found = `sha256:${createHash('sha256')
    .update(response?.body ?? '')
    .digest('hex')}`
  if (response === undefined || found !== digest) throw altered(repository.registry, digest, found)
  return response.body
}

/** @param address below the repository, or a whole address of the same registry */
export async function get(
  connection: RegistryConnection,
  repository: Repository,
  address: string,
  accept: string,
  absent: readonly number[] = [404],
): Promise<Response | undefined> {
  const url = /^https?:/.test(address) ? address : `${urlOf(connection, repository)}/${address}`
  const request: Request = { method: 'GET', url, headers: { accept } }
  const response = await connection.send(request, repository, scopeOf(repository, 'pull'))
  if (response.status === 200) return response
  if (absent.includes(response.status)) return undefined
  throw refused(response, repository.registry)
}

export function urlOf(connection: RegistryConnection, { registry, path }: Repository): string {
  return `${baseOf(connection, registry)}/v2/${path}`
}

export function baseOf({ schemeFor }: RegistryConnection, registry: string): string {
  return `${schemeFor(registry)}://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`
}

export function scopeOf({ path }: Repository, actions: 'pull' | 'pull,push'): string {
  return `repository:${path}:${actions}`
}
