/**
 * The look of the page. Colours stand in two palettes, so that a test can hold their contrast to the rule: 4.5 to 1 for
 * text, 3 to 1 for what is drawn. Paper is always light.
 */

/** Colours by what they are for, as #rrggbb. */
export interface Palette {
  readonly page: string;
  readonly card: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly track: string;
  /** Two series that also people with a colour vision deficiency tell apart. */
  readonly first: string;
  readonly second: string;
  readonly good: string;
  readonly warning: string;
  readonly bad: string;
  /** Text upon good, warning or bad. */
  readonly upon: string;
}

/** Colours on a light page. */
export const LIGHT: Palette = {
  page: '#f4f6f8',
  card: '#ffffff',
  text: '#1c2128',
  muted: '#57606a',
  line: '#d5dbe1',
  track: '#e6eaee',
  first: '#1f64b4',
  second: '#c26a0c',
  good: '#187a36',
  warning: '#8a5800',
  bad: '#bd1622',
  upon: '#ffffff',
};

/** Colours on a dark page. */
export const DARK: Palette = {
  page: '#0d1117',
  card: '#161b22',
  text: '#e6edf3',
  muted: '#9aa4af',
  line: '#323941',
  track: '#2a313a',
  first: '#5ba4f5',
  second: '#e5a250',
  good: '#4cc364',
  warning: '#dcab3a',
  bad: '#ff7d75',
  upon: '#0d1117',
};

/** The style sheet. It has no address in it and nothing that runs. */
export function styleSheet(): string {
  return `:root{${variables(LIGHT)}color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}
${RULES}`;
}

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${String(colour)};`)
    .join('');
}

const RULES = `*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Helvetica,Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:28px;line-height:1.25;margin:6px 0 8px}
h2{font-size:19px;margin:36px 0 12px}
p{margin:0 0 8px}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.kicker,.lead,figcaption p,caption,.label,.of,footer{color:var(--muted)}
.kicker{font-weight:600;margin:0}
.badge{display:inline-block;border-radius:999px;padding:2px 14px 3px;color:var(--upon)}
.badge.good{background:var(--good)}.badge.warning{background:var(--warning)}.badge.bad{background:var(--bad)}
.tiles,.charts{display:grid;gap:16px}
.tiles{grid-template-columns:repeat(auto-fit,minmax(190px,1fr));margin-top:20px}
.charts{grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0;min-width:0}
.label{font-size:14px;font-weight:600}
.value{font-size:26px;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.of{font-size:14px}
svg{display:block}
.gauge{width:100%;height:8px;margin-top:8px;border-radius:4px}
.cell .gauge{width:130px;display:inline-block;margin:0 8px 0 0;vertical-align:middle}
.gauge rect{fill:var(--track)}
.gauge .good{fill:var(--good)}.gauge .warning{fill:var(--warning)}.gauge .bad{fill:var(--bad)}
figure h3{font-size:16px;margin:0}
figcaption p{font-size:14px;margin:2px 0 10px}
.chart{width:100%;height:auto;overflow:visible}
.chart text{font-size:12px;fill:var(--muted);font-variant-numeric:tabular-nums}
.chart .name{fill:var(--text)}
.grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--muted);stroke-width:1}
.first{fill:var(--first)}.second{fill:var(--second)}.rest{fill:var(--muted)}
.curve{fill:none;stroke:var(--first);stroke-width:2;stroke-linejoin:round}
.area{fill:var(--first);opacity:.14}
.limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:6 4}
.chart .limit-text{fill:var(--bad);font-weight:600}
.refused{stroke:var(--bad);stroke-width:1.5}
.median{stroke:var(--text);stroke-width:1.5;stroke-dasharray:2 3}
.track{fill:var(--track)}
.scroll{overflow-x:auto;padding:0}
.scroll:focus-visible{outline:2px solid var(--first);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:12px 14px 8px;font-size:14px}
th,td{padding:7px 14px;text-align:left;border-top:1px solid var(--line);vertical-align:top}
thead th{color:var(--muted);font-weight:600;white-space:nowrap;border-top:0;border-bottom:1px solid var(--line)}
tbody th{font-weight:400}
.n{text-align:right}.n,.cell,td code{white-space:nowrap;overflow-wrap:normal}
.bad-text{color:var(--bad);font-weight:600}.warning-text{color:var(--warning);font-weight:600}.good-text{color:var(--good);font-weight:600}
.small{font-size:13px;color:var(--muted)}
th button{all:unset;cursor:pointer;font:inherit}
th button:focus-visible{outline:2px solid var(--first);outline-offset:2px}
th button::after{content:"\\2195";opacity:.55;margin-left:4px}
th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
ul{margin:0;padding-left:20px}
li+li{margin-top:4px}
.notes h2{margin:0 0 8px}
.notes .card{margin-top:16px}
footer{margin-top:36px;font-size:14px;overflow-wrap:anywhere}
@media (max-width:560px){main{padding:20px 14px 32px}h1{font-size:22px}.card{padding:14px}.scroll{padding:0}.chart text{font-size:14px}th,td{padding:7px 10px}.why{min-width:13em}}
@media print{@page{margin:14mm}body{background:none;font-size:10.5pt}main{max-width:none;padding:0}.charts{grid-template-columns:1fr 1fr}.tiles{grid-template-columns:repeat(4,1fr)}
.card{break-inside:avoid}.scroll{overflow:visible;border:0}.scroll:has([data-sortable]){break-inside:auto}thead{display:table-header-group}tr{break-inside:avoid}table{font-size:8.5pt}th,td{padding:3px 6px}h2{break-after:avoid}
th button::after{content:none}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}`;
