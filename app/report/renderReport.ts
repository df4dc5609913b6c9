import { type Chart, figureOf } from './chart.ts'
import { escapeHtml } from './html.ts'
import { styleSheet } from './style.ts'

/** A figure at the head of a report. */
export interface Fact {
  readonly name: string
  readonly value: string
  readonly note?: string | undefined
}

/** Text with a dot before it, in a colour of the style. */
export interface MarkedCell {
  readonly text: string
  readonly color: string
}

export type Cell = string | number | MarkedCell

/** A table; cells that are numbers, as text or not, stand to the right where the column says so. */
export interface Table {
  readonly columns: readonly { readonly name: string; readonly number?: boolean | undefined }[]
  readonly rows: readonly (readonly Cell[])[]
}

export interface Section {
  readonly heading: string
  /** Paragraphs of plain text. */
  readonly text?: readonly string[] | undefined
  readonly charts?: readonly Chart[] | undefined
  readonly table?: Table | undefined
}

export interface Report {
  readonly title: string
  readonly subtitle: string
  readonly facts: readonly Fact[]
  readonly sections: readonly Section[]
  readonly footer: string
}

/** A report as one HTML file that needs nothing else: no script, no font, no picture from anywhere. */
export const renderReport = ({ title, subtitle, facts, sections, footer }: Report): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${styleSheet}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="subtitle">${escapeHtml(subtitle)}</p>
<dl class="facts">${facts.map(factOf).join('')}</dl>
${sections.map(sectionOf).join('\n')}
<footer>${escapeHtml(footer)}</footer>
</main>
</body>
</html>
`

const factOf = ({ name, value, note }: Fact) =>
  `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}${note === undefined ? '' : `<small>${escapeHtml(note)}</small>`}</dd></div>`

function sectionOf({ heading, text = [], charts = [], table }: Section): string {
  const paragraphs = text.map((one) => `<p>${escapeHtml(one)}</p>`)
  const figures = charts.map(figureOf).join('')
  const small = charts.length > 1 && charts.every((chart) => chart.small)
  return [
    `<section><h2>${escapeHtml(heading)}</h2>`,
    ...paragraphs,
    small ? `<div class="charts">${figures}</div>` : figures,
    table ? tableOf(table) : '',
    '</section>',
  ].join('\n')
}

function tableOf({ columns, rows }: Table): string {
  const numberClass = (i: number) => (columns[i]?.number ? ' class="number"' : '')
  const head = columns.map(({ name }, i) => `<th${numberClass(i)}>${escapeHtml(name)}</th>`)
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${numberClass(i)}>${cellOf(cell)}</td>`).join('')}</tr>`,
  )
  return `<div class="table"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

const cellOf = (cell: Cell): string =>
  typeof cell === 'object'
    ? `<span class="mark" style="--mark:${escapeHtml(cell.color)}">${escapeHtml(cell.text)}</span>`
    : escapeHtml(String(cell))
