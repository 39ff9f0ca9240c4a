/**
 * The organisation in the subject of a certificate, as Windows prints it: `CN="A, Inc.", O="A, Inc.", C=US`. Undefined
 * where there is none, or more than one. A comma or `O=` inside of quotes belongs to a value.
 */
export function organisationOf(subject: string): string | undefined {
  const parts = [...subject.matchAll(/(?:^|,)\s*([A-Za-z0-9.]+)=("(?:[^"]|"")*"|[^,"]*)(?=,|$)/g)]
  if (parts.map(([whole]) => whole).join('') !== subject) return undefined
  const values = parts
    .filter(([, name]) => name === 'O')
    .map(([, , value = '']) => value.replace(/^"|"$/g, '').replaceAll('""', '"').trim())
  return values.length === 1 ? values[0] : undefined
}
