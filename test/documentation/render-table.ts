import type { DocumentedTable } from './tables.js';

/** A table in Markdown, before a formatter aligns its columns. */
export function renderTable({ head, rows }: Pick<DocumentedTable, 'head' | 'rows'>): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`).join('\n');
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*_', '\\*_');
}

/** What stands between the comments of a table on its page. */
export function betweenMarkers(page: string, marker: string): string | undefined {
  return page.split(`<!-- ${marker} -->`)[1]?.split(`<!-- /${marker} -->`)[0]?.trim();
}
