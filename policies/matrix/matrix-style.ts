/** How the page of a matrix looks. Colours are of light and dark each; every colour comes with a word. */
export const matrixStyle = `:root {
  color-scheme: light dark;
  --text: light-dark(#1c1f24, #e7e9ee); --page: light-dark(#ffffff, #15181d); --line: light-dark(#d4d8df, #363c47);
  --head: light-dark(#f3f5f8, #1e232b); --always: light-dark(#0b6b35, #6fdc9b); --when: light-dark(#7a4a00, #f2c063); --never: light-dark(#5c6470, #9aa3b1);
  --link: light-dark(#0b57d0, #8ab4f8);
}
body { margin: 0 auto; max-width: 90rem; padding: 1.5rem; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
nav a { margin-right: .75rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin-top: .5rem; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
thead th, tbody th { background: var(--head); font-weight: 600; white-space: nowrap; }
thead th:first-child, tbody th { position: sticky; left: 0; box-shadow: 1px 0 var(--line); }
td { min-width: 6.5rem; }
td:has(details[open]) { min-width: 18rem; }
td details p { max-width: 24rem; color: var(--text); }
summary { cursor: pointer; }
summary:focus-visible, a:focus-visible, .wide:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.always { color: var(--always); font-weight: 600; }
.when { color: var(--when); }
.never { color: var(--never); }
td details p { font-weight: 400; }
.rule { margin: .5rem 0; padding-left: .6rem; border-left: 3px solid var(--line); }
dl { margin: .5rem 0 0; font-size: .875rem; max-width: 60rem; }
dt { float: left; clear: left; margin-right: .5rem; font-weight: 600; }
cite { font-size: .875rem; opacity: .85; }
@media (max-width: 40rem) {
  body { padding: .75rem; }
  table { font-size: .875rem; }
  th, td { padding: .3rem .4rem; }
  td { min-width: 4.5rem; }
  td:has(details[open]) { min-width: 14rem; }
  tbody th { white-space: normal; max-width: 5.5rem; }
}
@media print { details::details-content { content-visibility: visible; } nav { display: none; } }
`
