/** The style sheet of report.html. It is text because the page's policy contains its hash. */
export const PAGE_STYLE = `
:root {
  --paper: #fbfbf9; --surface: #fff; --ink: #1b1d21; --soft: #5d636d; --line: #e3e3de; --code: #f4f4f0;
  --bad: #b42318; --warn: #8f5b00; --good: #1d7a45; --calm: #5d636d; --hit: #fdeceA; --changed: #e9f5ec; --focus: #2f6feb;
  --c0: #3f6fb5; --c1: #d08a2e; --c2: #5a9a6e; --c3: #b5574f; --c4: #8168b3; --c5: #4fa3a5; --c6: #9a9a92;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131416; --surface: #1a1c1f; --ink: #e5e5e1; --soft: #9ba1aa; --line: #2c2f34; --code: #202327;
    --bad: #ff8f85; --warn: #e5b567; --good: #73cf98; --calm: #9ba1aa; --hit: #3d2320; --changed: #1d3526; --focus: #7aa7ff;
    --c0: #7aa5e3; --c1: #e0ad63; --c2: #84c69a; --c3: #e2857c; --c4: #ad98dc; --c5: #7fcbcd; --c6: #8d8d86;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 64px; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 28px 64px; background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover { text-decoration-color: currentColor; }
code, pre, .place, .sig { font-family: var(--mono); font-size: .875em; }
pre { margin: 0; overflow-x: auto; white-space: pre; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--surface); padding: 4px 8px; }
.remark, .place, .amount, .where, .count { color: var(--soft); }
.remark { margin: 4px 0; max-width: 80ch; }

header { border-bottom: 1px solid var(--line); padding-bottom: 14px; }
.brand { margin: 0 0 18px; color: var(--soft); font-size: 13px; letter-spacing: .02em; }
h1 { margin: 0; font-size: 26px; line-height: 1.25; font-weight: 600; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
h1::before { content: ""; display: inline-block; width: .5em; height: .5em; border-radius: 50%; background: var(--warn); margin: 0 .5em .1em 0; }
.clean h1::before { background: var(--good); } .new-errors h1::before { background: var(--bad); }
.counts { display: flex; flex-wrap: wrap; gap: 6px 22px; list-style: none; margin: 16px 0 10px; padding: 0; }
.counts a { text-decoration: none; color: var(--soft); } .counts a:hover { text-decoration: underline; }
.counts b { font-size: 20px; font-weight: 600; color: var(--ink); font-variant-numeric: tabular-nums; margin-right: 2px; }
.counts .new b, .counts .grown b { color: var(--bad); } .counts .fixed b { color: var(--good); }
.counts .warning b, .counts .changed b, .counts .flaky b, .counts .incomplete b { color: var(--warn); }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 12px; font-size: 14px; }

h2 { font-size: 19px; font-weight: 600; letter-spacing: -.005em; margin: 44px 0 10px; }
h3 { font-size: 15px; font-weight: 600; margin: 26px 0 8px; }
h4 { font-size: 13px; font-weight: 600; margin: 18px 0 6px; color: var(--soft); overflow-wrap: anywhere; }
ul, ol { margin: 6px 0; padding-left: 20px; } li { overflow-wrap: anywhere; }
summary { cursor: pointer; list-style-position: inside; } summary::marker { color: var(--soft); font-size: .8em; }
.problems { list-style: none; padding: 0; }
.problems > li { border-left: 3px solid var(--warn); background: var(--surface); padding: 8px 14px; margin: 8px 0; }

#filters { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 10px 0; background: var(--paper); border-bottom: 1px solid var(--line); }
#filters[hidden] { display: none; }
input, select, button { font: inherit; font-size: 14px; color: inherit; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; min-width: 0; }
select { max-width: 180px; } #filters input { flex: 1 1 220px; } #filters kbd { margin-left: -34px; margin-right: 14px; color: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; font: 12px/18px var(--mono); pointer-events: none; }
#filters input:focus + kbd { visibility: hidden; }
output { color: var(--soft); font-size: 14px; margin-left: auto; font-variant-numeric: tabular-nums; }

.group { margin: 18px 0 0; }
.group > summary h3 { display: inline; margin: 0; } .group > summary { padding: 4px 0 8px; } .group > summary .remark { margin-left: 10px; font-size: 14px; }
h3.new, h3.grown { color: var(--bad); } h3.warning, h3.changed, h3.flaky { color: var(--warn); } h3.fixed { color: var(--good); }
h3 .count { font-weight: 400; margin-left: 4px; font-variant-numeric: tabular-nums; }
.chunk { content-visibility: auto; contain-intrinsic-size: auto 2900px; }
.chunk:last-child { contain-intrinsic-size: auto 800px; }
.finding { background: var(--surface); border: 1px solid var(--line); border-left: 3px solid var(--calm); margin-top: -1px; }
.finding.new, .finding.grown { border-left-color: var(--bad); } .finding.fixed { border-left-color: var(--good); }
.finding.warning, .finding.changed, .finding.flaky { border-left-color: var(--warn); }
.finding[hidden], .chunk[hidden], .group[hidden] { display: none; }
.finding > summary { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 20px; padding: 8px 14px; list-style: none; }
.finding > summary::-webkit-details-marker { display: none; }
.what::before { content: "›"; display: inline-block; width: 14px; color: var(--soft); font-weight: 400; } .finding[open] > summary .what::before { transform: rotate(90deg); transform-origin: 30% 55%; } .where { padding-left: 14px; }
.finding > summary:hover { background: var(--code); }
.what { font-weight: 500; overflow-wrap: anywhere; } .what code { font-weight: 600; }
.finding .place { text-align: right; overflow-wrap: anywhere; } .amount { text-align: right; grid-row: 2; grid-column: 2; font-size: 13px; font-variant-numeric: tabular-nums; } .where { grid-row: 2; grid-column: 1; font-size: 13px; overflow-wrap: anywhere; }
.body { padding: 4px 14px 16px; border-top: 1px solid var(--line); }
.facts { display: flex; flex-wrap: wrap; gap: 2px 26px; margin: 8px 0; font-size: 13px; }
.facts div { display: flex; gap: 7px; min-width: 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 28px; } .columns > div:first-child:empty { display: none; } .columns > div:first-child:empty + div { grid-column: 1 / -1; }
figure { margin: 12px 0 0; }
figcaption { font-size: 13px; color: var(--soft); margin-bottom: 6px; overflow-wrap: anywhere; }
.source figcaption { font-family: var(--mono); font-size: 12px; }
.source pre { background: var(--code); border-radius: 6px; padding: 8px 0; font-size: 12.5px; line-height: 1.55; }
.source span { display: block; padding-right: 12px; width: max-content; min-width: 100%; } .source i { display: inline-block; width: 52px; padding-right: 14px; text-align: right; font-style: normal; color: var(--soft); user-select: none; }
.source .hit { background: var(--hit); box-shadow: inset 3px 0 var(--bad); } .source .changed { background: var(--changed); box-shadow: inset 3px 0 var(--good); }
.stack { font-size: 13px; padding-left: 26px; margin: 4px 0; } .stack li::marker { color: var(--soft); font-size: 11px; } .stack .key code { font-weight: 600; } .stack .aside code { color: var(--soft); }
.stack .place { text-align: left; font-size: 12px; }
.objects, .others { font-size: 13px; font-family: var(--mono); list-style: none; padding: 0; } .objects pre { color: var(--soft); padding-left: 16px; }
.command { position: relative; } .command pre { background: var(--code); border-radius: 6px; padding: 10px 76px 10px 12px; font-size: 12.5px; white-space: pre-wrap; overflow-wrap: anywhere; }
.command button { position: absolute; top: 6px; right: 6px; font-size: 12px; padding: 2px 9px; cursor: pointer; }
.suppression { margin-top: 14px; } .suppression > summary { font-size: 13px; font-weight: 600; color: var(--soft); } .suppression .command { margin-top: 6px; }

.charts { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 10px 36px; }
.chart { display: block; overflow: visible; } .chart text { fill: var(--soft); font: 11px var(--sans); font-variant-numeric: tabular-nums; } .grid { stroke: var(--line); } .hover { fill: transparent; } g:hover > .hover { fill: var(--ink); fill-opacity: .07; }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); } .c6 { fill: var(--c6); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 8px 0 0; padding: 0; font-size: 13px; color: var(--soft); } .legend svg { margin-right: 6px; }
.spark { display: block; } .spark path { fill: none; stroke: var(--c0); stroke-width: 1.5; stroke-linejoin: round; } .spark circle { fill: var(--c0); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; } th { text-align: left; white-space: nowrap; font-weight: 500; color: var(--soft); } th, td { padding: 5px 18px 5px 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
.num { font-variant-numeric: tabular-nums; white-space: nowrap; } .up { color: var(--bad); margin-left: 4px; } .sig { color: var(--soft); font-size: 12px; margin-left: 6px; }
#trend details { margin-top: 14px; } #trend details > summary { font-size: 14px; color: var(--soft); }

.tree details, .tree .engine { margin: 0 0 6px; } .tree > * { border-left: 1px solid var(--line); padding-left: 14px; } .tree details details { margin: 6px 0 0 18px; }
.tree p.engine { margin: 0; padding-left: 30px; }
.problems code, #notes code { background: var(--code); border-radius: 4px; padding: 1px 4px; }
.count { font-variant-numeric: tabular-nums; } .outcome { white-space: nowrap; font-size: 13px; margin-left: 10px; color: var(--soft); } details details > summary > .outcome { margin-left: 0; }
.outcome.incomplete, .outcome.crashed, .outcome.timeout, .outcome.stopped { color: var(--warn); } .outcome.failed { color: var(--bad); } .outcome.passed { color: var(--good); }
.share { margin: 0 2px 2px 12px; border-radius: 3px; } .share rect { fill: var(--calm); } rect.passed { fill: var(--good); } rect.failed { fill: var(--bad); } rect.incomplete, rect.crashed, rect.timeout, rect.stopped { fill: var(--warn); } rect.skipped { fill: var(--line); }
.names { columns: 240px; list-style: none; padding: 0; font-size: 13px; color: var(--soft); content-visibility: auto; contain-intrinsic-size: auto 1500px; } .names code { color: var(--ink); }
.reasons { font-size: 14px; } .why { color: var(--soft); } .reasons pre { background: var(--code); border-radius: 6px; padding: 8px 12px; font-size: 12.5px; }
#notes li { margin: 4px 0; max-width: 100ch; } footer { margin-top: 48px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }

@media (max-width: 760px) {
  body { padding: 18px 14px 48px; } h1 { font-size: 21px; }
  .charts, .columns { grid-template-columns: minmax(0, 1fr); }
  .finding > summary { grid-template-columns: minmax(0, 1fr); gap: 1px; padding: 8px 10px; } .finding > summary .place, .amount { text-align: left; grid-column: 1; grid-row: auto; padding-left: 14px; } .where { grid-row: auto; } .body { padding: 4px 10px 12px; }
  #filters { position: static; } #filters input { flex-basis: 100%; } #filters kbd { display: none; } select { flex: 1 1 40%; } output { margin-left: 0; }
  .group > summary .remark { display: block; margin-left: 0; } .facts { flex-direction: column; } .share { display: none; } .legend { gap: 2px 12px; } .sig { display: block; margin-left: 0; }
  html { scroll-padding-top: 10px; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; } #filters, nav, .skip, .command button { display: none; }
  .chunk { content-visibility: visible; } .finding { break-inside: avoid; } pre { white-space: pre-wrap; }
  .finding.new::details-content, .finding.grown::details-content { content-visibility: visible; block-size: auto; }
}
`;
