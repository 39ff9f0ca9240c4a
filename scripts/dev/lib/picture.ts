/** Pictures of summaries: GitHub-flavoured Markdown as a page, and the page as a PNG by a headless browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { marked } from 'marked'
import { aptInstall, packagedTool, which } from '../../../__tests__/bed/machine/apt'
import { run } from '../../../__tests__/bed/process'

/** A summary and the name of the step that wrote it. */
export interface Titled {
  readonly title: string
  readonly markdown: string
}

const WIDTH = 1012
/** Keeps small letters sharp on common screens. */
const SCALE = 1.5

const STYLE = `
body { margin: 0; padding: 20px; width: ${WIDTH - 40}px; background: #fff; color: #1f2328;
  font: 14px/1.5 'Liberation Sans', 'Noto Color Emoji', sans-serif; }
section { border: 1px solid #d1d9e0; border-radius: 6px; margin-bottom: 16px; }
section:last-of-type { margin-bottom: 0; }
header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 8px 16px;
  font-weight: bold; font-size: 13px; }
article { padding: 4px 16px; }
h3 { font-size: 18px; margin: 12px 0; }
p, ul, details { margin: 12px 0; }
details > p, details > ul { margin: 8px 0; }
ul { padding-left: 24px; }
summary { font-weight: bold; }
table { border-collapse: collapse; margin: 12px 0; width: 100%; }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left; }
th { white-space: nowrap; }
tr:nth-child(2n) { background: #f6f8fa; }
code { background: #818b981f; border-radius: 6px; padding: 2px 5px; font: 85% 'Liberation Mono', monospace; white-space: nowrap; }
pre { background: #f6f8fa; border-radius: 6px; padding: 12px; overflow: hidden; }
pre code { background: none; padding: 0; white-space: pre; }
a { color: #0969da; text-decoration: none; }
a code { color: inherit; }`

/** Summaries below each other, as the page of a job shows them. */
export function summaryPage(summaries: readonly Titled[]): string {
  const sections = summaries.map(({ title, markdown }) => {
    const body = marked.parse(markdown, { async: false, gfm: true })
    return `<section><header>${title}</header><article>${body}</article></section>`
  })
  const measure = '<script>document.title = Math.ceil(document.body.getBoundingClientRect().height)</script>'
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body>${sections.join('\n')}${measure}</body>\n`
}

/** The page as a PNG, as high as it is. Chromium and its fonts are installed where they are absent. */
export async function takePicture(page: string, file: string): Promise<void> {
  const chromium = await packagedTool('chromium', 'chromium')
  if ((await which('fc-list')) === undefined || !(await hasEmoji())) await aptInstall(FONTS)
  const folder = await mkdtemp(join(tmpdir(), 'picture-'))
  try {
    const source = join(folder, 'page.html')
    await writeFile(source, page)
    const browse = (...options: string[]) =>
      run(chromium, [...quietly(join(folder, 'profile')), ...options, pathToFileURL(source).href], {
        timeoutMs: 120_000,
      })
    const { stdout } = await browse(`--window-size=${WIDTH},600`, '--dump-dom')
    const height = /<title>(\d+)<\/title>/.exec(stdout)?.[1]
    if (height === undefined) throw new Error('the height of the page is not known')
    const shot = join(folder, 'page.png')
    await browse(`--window-size=${WIDTH},${height}`, `--screenshot=${shot}`)
    await run(await packagedTool('pngquant', 'pngquant'), ['--force', '--strip', `--output=${file}`, '64', shot])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const FONTS = ['fontconfig', 'fonts-liberation', 'fonts-noto-color-emoji']

async function hasEmoji(): Promise<boolean> {
  return /NotoColorEmoji/.test((await run('fc-list', [], { check: false })).stdout)
}

/** A browser that shows nothing, keeps nothing and asks nobody. */
function quietly(profile: string): string[] {
  return [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--hide-scrollbars',
    `--force-device-scale-factor=${SCALE}`,
    `--user-data-dir=${profile}`,
  ]
}
