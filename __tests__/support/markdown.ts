import { marked } from 'marked'

/** What a reader of GitHub's Markdown gets to see. */
export interface Rendered {
  readonly html: string
  /** Names of the elements, in their order. */
  readonly tags: string[]
  /** Cells of each row of all tables. */
  readonly columns: number[]
  readonly text: string
}

/** Renders Markdown by a parser that is not ours. */
export function rendered(markdown: string): Rendered {
  const html = marked.parse(markdown, { async: false, gfm: true })
  const tags = [...html.matchAll(/<([a-z][a-z0-9]*)\b/g)].map(([, name]) => name ?? '')
  const rows = html.split('<tr>').slice(1)
  const columns = rows.map((row) => [...row.matchAll(/<t[hd]\b/g)].length)
  const text = html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
  return { html, tags, columns, text: text.trim() }
}
