/** The colours and movements of a terminal, and the clock that nerdctl draws below its table of layers. */
const DRAWING = /\u001b\[[0-9;]*[A-Za-z]|elapsed: .*$/g
const KEPT = 1000

/**
 * Tells what a tool prints because something has happened from what it prints again and again: nerdctl draws its whole table
 * ten times a second, also while nothing moves.
 */
export class News {
  private readonly seen = new Set<string>()

  isNew(line: string): boolean {
    const text = line.replace(DRAWING, '').trim()
    if (text === '' || this.seen.has(text)) return false
    if (this.seen.size >= KEPT) this.seen.clear()
    this.seen.add(text)
    return true
  }
}
