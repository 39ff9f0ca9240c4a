/**
 * Putting blobs and manifests into a repository (OCI distribution specification 1.1, section "Push").
 */
import type { Descriptor, Manifest } from '../../../domain/image/manifest'
import { getBlob, type RegistryConnection, type Repository, scopeOf, urlOf } from '../registry-content'
import { refused } from '../registry-errors'
import type { Request, Response } from '../registry-message'

/** Quay answers 202, others 204. */
const ACCEPTED = [200, 201, 202, 204]

/** Puts a manifest's bytes under a tag or its own digest. Success is no proof: look at it afterwards. */
export async function putManifest(
  connection: RegistryConnection,
  repository: Repository,
  tagOrDigest: string,
  { mediaType, bytes }: Pick<Manifest, 'mediaType' | 'bytes'>,
): Promise<void> {
  const url = `${urlOf(connection, repository)}/manifests/${tagOrDigest}`
  const response = await push(connection, repository, {
    method: 'PUT',
    url,
    headers: { 'content-type': mediaType },
    body: bytes,
  })
  if (!ACCEPTED.includes(response.status) || response.isForeign) throw refused(response, repository.registry)
}

/** Puts a blob, unless it is there. */
export async function putBlob(
  connection: RegistryConnection,
  repository: Repository,
  digest: string,
  read: () => Promise<Buffer>,
  mountFrom?: string,
): Promise<void> {
  const base = `${urlOf(connection, repository)}/blobs`
  const present = await push(connection, repository, { method: 'HEAD', url: `${base}/${digest}` })
  if (present.status === 200) return
  const mount = mountFrom === undefined ? '' : `?mount=${digest}&from=${encodeURIComponent(mountFrom)}`
  const begun = await push(connection, repository, { method: 'POST', url: `${base}/uploads/${mount}` })
  if (begun.status === 201) return
  if (begun.status !== 202) throw refused(begun, repository.registry)
  const target = uploadAddress(begun, digest)
  if (target === undefined) throw refused(begun, repository.registry)
  const headers = { 'content-type': 'application/octet-stream' }
  const done = await push(connection, repository, { method: 'PUT', url: target, headers, body: await read() })
  if (!ACCEPTED.includes(done.status) || done.isForeign) throw refused(done, repository.registry)
}

/** Copies a blob of one repository into another; within one registry the registry does that itself where it can. */
export function copyBlob(
  connection: RegistryConnection,
  from: Repository,
  to: Repository,
  blob: Descriptor,
): Promise<void> {
  const mountFrom = from.registry === to.registry ? from.path : undefined
  return putBlob(connection, to, blob.digest, () => getBlob(connection, from, blob), mountFrom)
}

/** Of the same registry only: the login is for no other. */
function uploadAddress({ headers, url }: Response, digest: string): string | undefined {
  const { location } = headers
  if (location === undefined || !URL.canParse(location, url)) return undefined
  const target = new URL(location, url)
  if (target.origin !== new URL(url).origin) return undefined
  target.searchParams.set('digest', digest)
  return target.href
}

function push(connection: RegistryConnection, repository: Repository, request: Request): Promise<Response> {
  return connection.send(request, repository, scopeOf(repository, 'pull,push'))
}
