/** What the scripts for developers print: colours only where they are seen, times that are read at a glance. */

const codes = { bold: 1, red: 31, green: 32, yellow: 33, blue: 34, gray: 90 }

export type Color = keyof typeof codes

/** True where output goes to a terminal that shows colours (https://no-color.org). */
const hasColor = process.stdout.isTTY === true && !process.env.NO_COLOR

/** The text in a colour, or as it is where nobody would see it. */
export function paint(text: string, color: Color): string {
  return hasColor ? `\u001b[${codes[color]}m${text}\u001b[0m` : text
}

/** `80 ms`, `1.2 s`, `2 min 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds) % 60).padStart(2, '0')} s`
}

/** Shows what is going on in the last line of a terminal, until {@link clearStatus}; nothing elsewhere. */
export function showStatus(text: string): void {
  if (hasColor) process.stdout.write(`\r\u001b[2K${paint(text, 'gray')}`)
}

/** Takes the line of {@link showStatus} away. */
export function clearStatus(): void {
  if (hasColor) process.stdout.write('\r\u001b[2K')
}
