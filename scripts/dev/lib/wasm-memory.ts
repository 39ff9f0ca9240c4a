/** Go gives its WebAssembly memory no limit; a module can carry one. */

const MEMORY_SECTION = 5
const HEADER = 8

/** The module with at most `pages` (of 64 kB) of memory. Throws an Error for a module whose memory is not one of Go's. */
export function limitMemory(module: Uint8Array, pages: number): Uint8Array {
  let at = HEADER
  while (at < module.length) {
    const size = readNumber(module, at + 1)
    const end = size.end + size.value
    if (module[at] === MEMORY_SECTION) {
      const [count, flags] = [module[size.end], module[size.end + 1]]
      if (count !== 1 || flags !== 0) throw new Error('the module has no memory of the form that Go makes')
      const content = [1, 1, ...number(readNumber(module, size.end + 2).value), ...number(pages)]
      const section = [MEMORY_SECTION, ...number(content.length), ...content]
      return Buffer.concat([module.subarray(0, at), Buffer.from(section), module.subarray(end)])
    }
    at = end
  }
  throw new Error('the module has no memory')
}

/** LEB128, as all numbers of the format. */
function readNumber(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0
  for (let at = start, factor = 1; ; at += 1, factor *= 128) {
    const byte = bytes[at] ?? 0
    value += (byte & 127) * factor
    if (byte < 128) return { value, end: at + 1 }
  }
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...number(Math.floor(value / 128))]
}
