/** Shortest secret that is looked for inside of other text; shorter ones occur by chance in names and options. */
const MINIMUM_LENGTH = 8
/** The first and last lines of PEM text are no secrets; messages name them. */
const BOUNDARY = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/

/**
 * The secret values of this process: masked in the log as soon as they are known, refused in argument lists,
 * and kept out of the environment of tools that do not need them.
 */
export class Secrets {
  private readonly values = new Set<string>()
  private readonly hidden = new Set<string>()

  /** @param mask registers a value with the runner, which hides it in the log from then on */
  constructor(private readonly mask: (value: string) => void) {}

  /** Registers a secret, its lines, and the forms in which it could be printed. Empty text is no secret. */
  add(secret: string): void {
    const forms = [secret, secret.trim(), ...secret.split(/\r\n|\n|\r|\\n/).map((line) => line.trim())]
    for (const form of forms) {
      if (form.trim() === '' || this.values.has(form) || BOUNDARY.test(form)) continue
      this.values.add(form)
      this.mask(form)
    }
    this.addEncoded(secret)
  }

  /** Hides a text in the log that tools need all the same, such as the credentials in a proxy's address. */
  hide(text: string): void {
    if (text === '' || this.values.has(text) || this.hidden.has(text)) return
    this.hidden.add(text)
    this.mask(text)
  }

  private addEncoded(secret: string): void {
    if (secret.length < MINIMUM_LENGTH) return
    for (const encoded of [Buffer.from(secret).toString('base64'), JSON.stringify(secret).slice(1, -1)]) {
      if (this.values.has(encoded)) continue
      this.values.add(encoded)
      this.mask(encoded)
    }
  }

  /** True when the text holds a registered secret of at least eight characters. */
  isIn(text: string): boolean {
    for (const value of this.values) {
      if (value.length >= MINIMUM_LENGTH && text.includes(value)) return true
    }
    return false
  }

  /** The text with every registered secret replaced by `***`. */
  redact(text: string): string {
    let redacted = text
    // Longer ones first: nothing may be left over of a secret that contains another one.
    for (const value of [...this.values, ...this.hidden].sort((a, b) => b.length - a.length)) {
      if (value.length >= MINIMUM_LENGTH) redacted = redacted.replaceAll(value, '***')
    }
    return redacted
  }
}
