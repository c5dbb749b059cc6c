// Loaded into a measured Node.js process with --import: at its end it writes down its own peak memory. JavaScript, because
// Node.js would load its TypeScript compiler for it, and that would be measured.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.env['SLUICE_BENCH_PROBE'];

process.on('exit', () => {
  if (folder === undefined) return;
  writeFileSync(path.join(folder, `${process.pid}.json`), JSON.stringify({ peakRssBytes: peakRssBytes() }));
});

/** VmHWM and not getrusage: Linux lets a child begin with its parent's peak, so a big parent would be measured. */
function peakRssBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(line?.[1] ?? 0) * 1024;
}
