/**
 * Where releases are: a forge with an API, or a mirror that only holds files.
 */
import { ActionError } from '../../domain/errors/action-error'
import type { Source } from '../../domain/releases/package-source'
import { parseRelease, type Release } from '../../domain/releases/release'
import { REPOSITORIES, type ToolName } from '../../domain/releases/release-asset'
import type { Downloader } from '../http/download'
import { isConfidential } from '../http/redirects'

const ACCEPT_JSON = 'application/vnd.github+json'
const PAGES = 10

/** A forge; the token goes with the requests for its own hosts, see {@link Web}. */
export function forgeSource(forge: { api: string; server: string }, downloader: Downloader): Source {
  const ask = (path: string) => downloader.small(path.startsWith('http') ? path : `${forge.api}${path}`, ACCEPT_JSON)
  return {
    ...fileSource(forge.server, downloader),
    api: {
      isPrivate: isConfidential(new URL(forge.api)),
      async release(tool, version) {
        const answer = await ask(`/repos/${REPOSITORIES[tool]}/releases/tags/v${version}`)
        return answer && understood(forge.api, () => parseRelease(JSON.parse(answer.body.toString())))
      },
      async releases(tool, enough) {
        const found: Release[] = []
        let next: string | undefined = `/repos/${REPOSITORIES[tool]}/releases?per_page=100`
        for (let page = 0; next !== undefined && page < PAGES && !enough(found); page++) {
          const answer = await ask(next)
          if (answer === undefined) return page === 0 ? undefined : found
          found.push(...understood(forge.api, () => parsePage(answer.body)))
          next = nextPage(answer.headers.link, forge.api)
        }
        return found
      },
    },
  }
}

/** A mirror that is laid out like GitHub's releases. */
export function mirrorSource(base: string, downloader: Downloader): Source {
  return { ...fileSource(base, downloader), api: undefined }
}

function fileSource(base: string, downloader: Downloader): Omit<Source, 'api'> {
  const address = (tool: ToolName, version: string, asset: string): string =>
    `${base}/${REPOSITORIES[tool]}/releases/download/v${encodeURIComponent(version)}/${asset}`
  return {
    name: new URL(base).host,
    file: async (tool, version, asset) => (await downloader.small(address(tool, version, asset)))?.body,
    toDisk: (tool, version, asset, path, progress) => downloader.toFile(address(tool, version, asset), path, progress),
  }
}

function parsePage(body: Buffer): Release[] {
  const page: unknown = JSON.parse(body.toString())
  if (!Array.isArray(page)) throw new Error('it is no list')
  return page.map(parseRelease).filter((release) => release !== undefined)
}

/** The next page, where it is on the same server: the token goes there. */
function nextPage(link: string | undefined, api: string): string | undefined {
  const [, address] = /<([^>]+)>\s*;\s*rel="next"/.exec(link ?? '') ?? []
  return address !== undefined && URL.canParse(address) && new URL(address).origin === new URL(api).origin
    ? address
    : undefined
}

function understood<T>(api: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const what = `${new URL(api).host} gave a list of releases that is not understood.`
    const hint = 'Look at what lies between the runner and the API: a proxy may answer in its place.'
    throw new ActionError('download-failed', { title: 'A download failed', what, hint }, { cause })
  }
}
