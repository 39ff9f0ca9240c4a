import type { FileCounts } from '../../domain/verification/files/file-counts'
import { code, count } from '../markdown'

/** Folders that one line shows. */
const SHOWN = 5

/** What became of the files that the input `files` matches, as one line of the summary. */
export function fileCountLine(files: FileCounts): string {
  const { matched, naming, silent, passedOver, unchanged, notEntered } = files
  const parts = [
    `${naming} with images`,
    ...(silent > 0 ? [`${silent} without`] : []),
    ...(passedOver > 0 ? [`${passedOver} passed over, since nothing in them could name an image`] : []),
    ...(unchanged > 0 ? [`${unchanged} not changed`] : []),
  ]
  const shown = notEntered.slice(0, SHOWN).map(code).join(', ')
  const more = notEntered.length - SHOWN
  const left = notEntered.length === 0 ? '' : ` Not looked into: ${shown}${more > 0 ? ` and ${more} more` : ''}.`
  return `${count(matched, 'file')} matched: ${parts.join(', ')}.${left}`
}
