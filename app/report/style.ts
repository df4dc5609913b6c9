/** Colours by name, as CSS variables: a chart that uses them follows the reader's light or dark scheme, and print. */
export const colours = {
  text: 'var(--text)',
  muted: 'var(--muted)',
  grid: 'var(--grid)',
  paper: 'var(--paper)',
  main: 'var(--main)',
  outer: 'var(--outer)',
  inner: 'var(--inner)',
  truth: 'var(--truth)',
  series: ['var(--s1)', 'var(--s2)', 'var(--s3)', 'var(--s4)', 'var(--s5)', 'var(--s6)'],
} as const

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif'

const light = `--page:#f4f6f7;--paper:#ffffff;--text:#1c262c;--muted:#5b6a75;--grid:#e3e8eb;--main:#0d6577;
--outer:#cfe5ea;--inner:#93c4cf;--truth:#c2571a;--s1:#0d6577;--s2:#c2571a;--s3:#5f4bb6;--s4:#3f7d3a;--s5:#a63a72;--s6:#7a6a1d;`

const dark = `--page:#10161a;--paper:#182026;--text:#d9e1e6;--muted:#95a4af;--grid:#2b363e;--main:#79c3d0;
--outer:#23404a;--inner:#356877;--truth:#f0925a;--s1:#79c3d0;--s2:#f0925a;--s3:#a793ff;--s4:#8ccf86;--s5:#e58bb9;--s6:#d6c36a;`

/** The whole style of a report: nothing is loaded from anywhere. */
export const styleSheet = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 ${fontFamily}}
main{max-width:920px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:1.15rem;margin:0 0 6px}
.subtitle{color:var(--muted);margin:0 0 24px}
p{margin:0 0 10px;max-width:72ch}
section{background:var(--paper);border:1px solid var(--grid);border-radius:10px;padding:20px 22px;margin:0 0 16px}
dl.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px;margin:0 0 20px}
dl.facts div{background:var(--paper);border:1px solid var(--grid);border-radius:10px;padding:10px 14px}
dl.facts dt{color:var(--muted);font-size:.8rem}
dl.facts dd{margin:0;font-size:1.25rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
dl.facts small{display:block;font-weight:400;font-size:.78rem;color:var(--muted)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,270px),1fr));gap:14px}
figure{margin:10px 0 0;min-width:0}
figcaption{font-weight:600;font-size:.88rem;margin-bottom:2px}
figure svg{display:block;width:100%;height:auto}
.narrow{display:none}
.table{overflow-x:auto;margin-top:10px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--grid);vertical-align:top}
th{color:var(--muted);font-weight:500;font-size:.8rem}
td.number,th.number{text-align:right;white-space:nowrap}
.mark::before{content:"";display:inline-block;width:.6em;height:.6em;border-radius:50%;background:var(--mark);
margin-right:.5em;print-color-adjust:exact;-webkit-print-color-adjust:exact}
tr:last-child td{border-bottom:0}
footer{color:var(--muted);font-size:.8rem}
@media (max-width:640px){main{padding:20px 12px 32px}section{padding:16px 14px}h1{font-size:1.4rem}
dl.facts{grid-template-columns:1fr 1fr;gap:8px}.wide{display:none}.narrow{display:block}}
@media print{:root{${light}--page:#fff}body{font-size:12px}main{max-width:none;padding:0}
section,dl.facts div{border-radius:0}section{border-width:1px 0 0;padding:12px 0}figure,tr{break-inside:avoid}h2{break-after:avoid}}
`
