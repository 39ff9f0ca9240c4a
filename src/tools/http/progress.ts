import type { Progress } from '../../domain/releases/package-source'

const BETWEEN_LINES = 3000

/** Says it in a line every few seconds, and once at the end: percent and megabytes a second. */
export function spokenProgress(name: string, say: (line: string) => void): Progress {
  const begin = performance.now()
  let last = begin
  return {
    at(bytes, total) {
      const now = performance.now()
      if (now - last < BETWEEN_LINES) return
      last = now
      const share = total === undefined ? '' : `${Math.floor((bytes / total) * 100)} % of ${megabytes(total)}, `
      say(`${name}: ${share || `${megabytes(bytes)}, `}${speed(bytes, now - begin)}`)
    },
    done(bytes) {
      const took = performance.now() - begin
      say(`${name}: ${megabytes(bytes)} in ${(took / 1000).toFixed(1)} s, ${speed(bytes, took)}`)
    },
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function speed(bytes: number, milliseconds: number): string {
  return `${(bytes / 1e3 / Math.max(1, milliseconds)).toFixed(1)} MB/s`
}
