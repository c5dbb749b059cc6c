/** Colour of each lane on a light and on a dark page. */
export const LANE_COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ['#0969da', '#4493f8'],
  ['#bc4c00', '#f0883e'],
  ['#1a7f37', '#3fb950'],
  ['#8250df', '#ab7df8'],
  ['#cf222e', '#f85149'],
  ['#0e7c86', '#39c5cf'],
  ['#bf3989', '#f778ba'],
  ['#9a6700', '#d29922'],
  ['#4f46e5', '#8b9cff'],
  ['#57730e', '#a5c94a'],
];

const LIGHT = { page: '#ffffff', band: '#f3f5f8', box: '#ffffff', rim: '#d0d7de', text: '#1f2328', dim: '#59636e' };
const DARK = { page: '#0d1117', band: '#161c24', box: '#0d1117', rim: '#3d444d', text: '#f0f6fc', dim: '#9198a1' };

/** The style sheet of the picture: it follows the reader's light or dark page by itself. */
export const SVG_STYLE = [
  'text{font:12px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}',
  '.mono{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}',
  '.title{font-size:17px;font-weight:600}',
  '.name{font-size:14px;font-weight:600}',
  '.phase{font-size:12px;font-weight:600;letter-spacing:.04em}',
  '.place{font-size:11px;font-weight:600;text-anchor:middle}',
  '.end{text-anchor:end}',
  '.line{fill:none;stroke-width:1.75;stroke-linecap:round}',
  '.under{fill:none;stroke-width:6}',
  '.waits{stroke-dasharray:5 3.5}',
  '.may{stroke-dasharray:.1 4}',
  themed(LIGHT, 0),
  `@media (prefers-color-scheme:dark){${themed(DARK, 1)}}`,
].join('\n');

function themed({ page, band, box, rim, text, dim }: typeof LIGHT, side: 0 | 1): string {
  const lanes = LANE_COLOURS.map(
    (colours, index) => `.s${index}{stroke:${colours[side]}}.f${index}{fill:${colours[side]}}`,
  );
  return [
    `.page{fill:${page}}.band{fill:${band}}.box{fill:${box};stroke:${rim}}.hollow{fill:${band}}.under{stroke:${band}}`,
    `.badge{fill:${band};stroke:${rim}}text,.text{fill:${text}}.dim{fill:${dim}}.plain{stroke:${dim}}.solid{fill:${dim}}`,
    ...lanes,
  ].join('');
}
