/**
 * The items of a multi-line input: one a line, blank lines and `#` comments left out.
 * A comment starts at the beginning of a line or after white space, so that `a#b` stays whole.
 */
export function listItems(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

/** As {@link listItems}; commas separate items too. For image names, which never contain a comma. */
export function nameItems(text: string): string[] {
  return listItems(text)
    .flatMap((line) => line.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
