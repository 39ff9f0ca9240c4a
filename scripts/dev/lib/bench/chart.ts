import type { JudgedRow } from './rows'

const WIDTH = 760
const LEFT = 250
const RIGHT = 60
const ROW = 30
const TOP = 46

/** Bars of the ratios, ours to theirs, each with a mark where its goal is; SVG that reads on light and dark pages. */
export function chart(rows: readonly JudgedRow[]): string {
  const bars = rows.filter((row) => row.ratio !== undefined)
  const height = TOP + bars.length * ROW + 14
  const most = Math.max(1.25, ...bars.map(({ ratio = 0 }) => ratio)) * 1.05
  const x = (ratio: number): number => Math.round(LEFT + (ratio / most) * (WIDTH - LEFT - RIGHT))
  const lines = bars.map((row, index) => bar(row, TOP + index * ROW, x))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>Time of the actions in relation to the same commands by hand</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="6" fill="#ffffff"/>`,
    `<text x="12" y="24" fill="#1f2328" font-weight="600">Time, ours to by hand (shorter is better; ┃ is the goal)</text>`,
    `<line x1="${x(1)}" y1="${TOP - 8}" x2="${x(1)}" y2="${height - 10}" stroke="#8c959f" stroke-dasharray="3 3"/>`,
    `<text x="${x(1)}" y="${TOP - 12}" fill="#59636e" text-anchor="middle" font-size="11">by hand</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

function bar({ case: name, ratio = 0, goal, isReached }: JudgedRow, y: number, x: (ratio: number) => number): string {
  const color = isReached === false ? '#bc4c00' : '#1a7f37'
  const limit = /^≤ (\d+(?:\.\d+)?)/.exec(goal)?.[1]
  const mark =
    limit === undefined ? '' : `<rect x="${x(Number(limit)) - 1}" y="${y - 3}" width="3" height="22" fill="#1f2328"/>`
  const text = name.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return [
    `<text x="${LEFT - 10}" y="${y + 13}" fill="#1f2328" text-anchor="end">${text}</text>`,
    `<rect x="${LEFT}" y="${y}" width="${Math.max(1, x(ratio) - LEFT)}" height="16" rx="2" fill="${color}"/>`,
    mark,
    `<text x="${x(ratio) + 8}" y="${y + 13}" fill="#1f2328">${ratio.toFixed(2)}</text>`,
  ].join('')
}
