import { describe, expect, it } from '@jest/globals';
import type { Diagram } from '../../../src/cli/graph/diagram.ts';
import { graphData } from '../../../src/cli/graph/graph-data.ts';
import { graphMermaid } from '../../../src/cli/graph/graph-mermaid.ts';
import { graphSvg } from '../../../src/cli/graph/graph-svg.ts';
import { graphText } from '../../../src/cli/graph/graph-text.ts';
import { lanesFor } from '../../../src/cli/graph/lanes.ts';
import { CIRCLE, drawnTown, plannedTown } from './drawn.ts';

const plain = (text: string) => text;

describe('the order as text', () => {
  it('has phases, steps, and from each step a line to those that need it, with the link that says so', async () => {
    const text = graphText(await drawnTown(), plain);

    expect(text).toBe(`\
      places
    ╭─  1 towns    Thing__c → towns
╭───│─  2 houses   Thing__c → houses
│   ├╌▷   houses.towns_id → towns
│   │
│   │ people
│ ╭─│─  3 people   Thing__c → people
│ │ │ ↻   people.people_id → people, its own rows
│ │ │   4 parcels  Thing__c → parcels
│ ├─│─▶   parcels.people_id → people
│ │ ╰─▶   after towns
│ │
│ │   moving
│ │     5 people   links of people
╰╌│╌╌╌▷   people.houses_id → houses
  ╰───▶   rows read before

▶ needs it   ▷ waits, and is linked by itself
`);
  });

  it('says of a circle which link waits, and after which step it is linked', async () => {
    const text = graphText(await drawnTown(CIRCLE, 'main'), plain);

    expect(text).toBe(`\
    main
╭───  1 hens  Thing__c → hens
│ ╭╌▷   hens.eggs_id → eggs, linked after 2
│ ╰─  2 eggs  Thing__c → eggs
╰───▶   eggs.hens_id → hens

▶ needs it   ▷ waits, and is linked by itself
`);
  });

  it('colours each line as its step, and nothing else', async () => {
    const painted = graphText(await drawnTown(), (text, ordinal) => `<${ordinal}${text}>`);

    expect(painted.replaceAll(/<\d(.)>/gu, '$1')).toBe(graphText(await drawnTown(), plain));
    expect(painted).toMatch(/<1╭><1─> {2}1 towns/u);
  });

  it('shows one step alone without lines', async () => {
    const text = graphText(await drawnTown([{ name: 'hens', phases: '{ main: }' }], 'main'), plain);

    expect(text).toBe('main\n  1 hens  Thing__c → hens\n');
  });
});

describe('the order as Mermaid', () => {
  it('has a subgraph for each phase, and a dotted arrow where a link can wait', async () => {
    expect(graphMermaid(await drawnTown())).toBe(`\
flowchart TB
  subgraph phase1["places"]
    step1["1 towns<br>Thing__c → towns"]
    step2["2 houses<br>Thing__c → houses"]
  end
  subgraph phase2["people"]
    step3["3 people<br>Thing__c → people"]
    step4["4 parcels<br>Thing__c → parcels"]
  end
  subgraph phase3["moving"]
    step5["5 people<br>links what was read before"]
  end
  step1 -.->|"houses.towns_id"| step2
  step3 -.->|"people.people_id"| step3
  step3 -->|"parcels.people_id"| step4
  step1 -->|"after towns"| step4
  step2 -.->|"people.houses_id"| step5
  step3 -->|"rows read before"| step5
`);
  });

  it('lets no name end a text or mean something', () => {
    const [text] = graphMermaid(named('a "b" <c> #d')).split('\n').slice(2);

    expect(text).toBe('    step1["1 a #quot;b#quot; #lt;c#gt; #35;d<br>Thing__c → thing"]');
  });
});

describe('the order as a picture', () => {
  it('is one sound SVG, without scripts, links or anything from elsewhere', async () => {
    const svg = graphSvg(await drawnTown(), 'town');

    expect(unbalanced(svg)).toEqual([]);
    expect(svg).not.toMatch(/<script|\son\w+=|href|url\(|@import|<foreignObject/u);
  });

  it('can be read to people, in sentences', async () => {
    const svg = graphSvg(await drawnTown(), 'town');

    expect(svg).toContain('role="img" aria-labelledby="title desc"');
    expect(svg).toContain(
      '<desc id="desc">Phase places: 1 towns; 2 houses after 1. Phase people: 3 people; 4 parcels after 1, 3. ' +
        'Phase moving: 5 people after 2, 3.</desc>',
    );
  });

  it('has a box for each step, an arrow for each reason, dashed where a link can wait, and a dark page', async () => {
    const svg = graphSvg(await drawnTown(), 'town');

    expect(svg.match(/class="box"/gu)).toHaveLength(5);
    expect(svg.match(/class="line s\d waits"/gu)).toHaveLength(2);
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
  });

  it('lets no name be taken for markup', () => {
    const svg = graphSvg(named('<b onload="x">&'), 'a < b & "c"');

    expect(unbalanced(svg)).toEqual([]);
    expect(svg).toContain('<title id="title">a &lt; b &amp; &quot;c&quot;</title>');
    expect(svg).not.toContain('<b ');
  });

  it('keeps everything within its frame', async () => {
    const svg = graphSvg(await drawnTown(), 'town');

    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/u.exec(svg) ?? []).map(Number);
    const xs = [...svg.matchAll(/ x="(\d+)/gu)].map(([, x]) => Number(x));
    const ys = [...svg.matchAll(/ y="(\d+)/gu)].map(([, y]) => Number(y));
    expect([Math.max(...xs) < width, Math.max(...ys) < height]).toEqual([true, true]);
  });
});

describe('the order for programs', () => {
  it('has a node for each step and an edge for each reason', async () => {
    const { phases, nodes, edges, heals } = graphData(await plannedTown());

    expect(phases).toEqual(['places', 'people', 'moving']);
    expect(nodes[4]).toEqual({
      step: 5,
      phase: 'moving',
      mapping: 'people',
      group: null,
      kind: 'link',
      object: 'Thing__c',
      tables: ['people'],
    });
    expect(edges).toContainEqual({
      from: 3,
      to: 4,
      reason: 'link',
      link: 'parcels.people_id',
      table: 'people',
      strength: 'must',
    });
    expect(edges).toContainEqual({ from: 1, to: 4, reason: 'after', link: null, table: null, strength: 'must' });
    expect(heals).toEqual([]);
  });
});

describe('lanes', () => {
  it('puts short lines near, and lines that do not meet in one lane', () => {
    const lanes = lanesFor([
      { id: 1, first: 0, last: 9 },
      { id: 2, first: 1, last: 2 },
      { id: 3, first: 3, last: 4 },
      { id: 4, first: 4, last: 6 },
    ]);

    expect([...lanes].toSorted(([a], [b]) => a - b)).toEqual([
      [1, 2],
      [2, 0],
      [3, 0],
      [4, 1],
    ]);
  });
});

function named(mapping: string): Diagram {
  const box = { ordinal: 1, mapping, source: 'Thing__c', tables: ['thing'], kind: 'read', needs: [], isNeeded: false };
  return { bands: [{ phase: 'main', boxes: [{ ...box, kind: 'read' }] }] };
}

/** Tags that do not match, in XML without comments or sections. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  for (const [, close = '', name = '', self = ''] of xml.matchAll(/<(\/?)([a-z]+)(?: [^<>]*?)?(\/?)>/giu)) {
    if (close === '' && self === '') open.push(name);
    else if (close !== '' && open.pop() !== name) return [name];
  }
  return open;
}
