/**
 * Writes the digests of new releases of Finch and cosign, and Finch's OpenPGP key, into src/install/trust/:
 * `npm run update-checksums`. Look at the difference before it is committed. Options: `--accept-new-key`, and for another
 * forge `--api URL`, `--server URL`, `--key URL`. GITHUB_TOKEN is sent to the API when it is set.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { forgeSource } from '../../src/tools/files/release-source'
import { Downloader } from '../../src/tools/http/download'
import { DOWNLOAD_RETRIES } from '../../src/tools/http/retry'
import { Web } from '../../src/tools/http/web'
import { updateChecksums } from './lib/checksums'

const text = (standard: string) => ({ type: 'string', default: standard }) as const
const { values } = parseArgs({
  options: {
    api: text('https://api.github.com'),
    server: text('https://github.com'),
    key: text('https://artifact.runfinch.com/deb/GPG_KEY.pub'),
    folder: text(join('src', 'install', 'trust')),
    'accept-new-key': { type: 'boolean', default: false },
  },
})

const cancelled = new AbortController().signal
const tokens = { token: process.env.GITHUB_TOKEN ?? '', tokenFor: [values.api] }
const web = new Web({ environment: process.env, ...tokens, cancelled, debug: () => undefined })
const onPause = (fault: Error): void => console.error(fault.message)
const downloader = new Downloader(web, { policy: DOWNLOAD_RETRIES, cancelled, onPause })
try {
  const changes = await updateChecksums({
    folder: values.folder,
    source: forgeSource(values, downloader),
    keyElsewhere: async () => (await downloader.small(values.key))?.body,
    acceptsNewKey: values['accept-new-key'],
  })
  for (const change of changes) console.log(`new  ${change}`)
  console.log(changes.length === 0 ? 'nothing new' : `${changes.length} changes; run npm run build, and look at them`)
} catch (error) {
  console.error(`update-checksums: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
} finally {
  await web.close()
}
