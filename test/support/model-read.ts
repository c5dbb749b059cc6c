import type { Rig } from './rig.ts';

export interface FoundStall {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly keeper: string | null;
  readonly town: string | null;
  readonly goods: readonly string[];
  readonly tags: readonly string[];
}

export interface FoundScore {
  readonly id: string | null;
  readonly campaign: string;
  readonly person: string;
  readonly result: string;
}

export type FoundRow = Readonly<Record<string, string | null>>;

/** The tables of the fair, with the records' ids in place of keys that the database draws. */
export interface FoundFair {
  readonly stalls: readonly FoundStall[];
  readonly people: readonly FoundRow[];
  readonly mails: readonly FoundRow[];
  readonly notes: readonly string[];
  readonly towns: readonly string[];
  readonly goods: readonly string[];
  readonly tags: readonly string[];
  readonly memberships: readonly FoundRow[];
  readonly jobs: readonly FoundRow[];
  readonly scores: readonly FoundScore[];
  /** `mapping link source-id` of what waits. */
  readonly waiting: readonly string[];
  /** `mapping source-id` of what lies in quarantine. */
  readonly quarantined: readonly string[];
}

const FAIR = `SELECT
  (SELECT json_agg(json_build_object('id', s.salesforce_id, 'name', s.name, 'parent', p.salesforce_id, 'keeper', s.keeper, 'town', t.name,
     'goods', (SELECT json_agg(g.name ORDER BY g.name) FROM stall_good sg JOIN good g ON g.id = sg.good_id WHERE sg.stall_id = s.id),
     'tags', (SELECT json_agg(g.name ORDER BY g.name) FROM stall_tag st JOIN tag g ON g.id = st.tag_id WHERE st.stall_id = s.id)) ORDER BY s.salesforce_id)
   FROM stall s LEFT JOIN stall p ON p.id = s.parent_id LEFT JOIN town t ON t.id = s.town_id) AS stalls,
  (SELECT json_agg(json_build_object('id', p.id, 'name', p.name, 'home', s.salesforce_id, 'motto', p.motto, 'nick', p.nick, 'phone', g.phone,
     'guest', (g.id IS NOT NULL)::text) ORDER BY p.id) FROM person p LEFT JOIN stall s ON s.id = p.home_id LEFT JOIN guest g ON g.id = p.id) AS people,
  (SELECT json_agg(json_build_object('person', person_id, 'address', address, 'kind', kind, 'main', main::text) ORDER BY person_id, address, id) FROM mail) AS mails,
  (SELECT json_agg(person ORDER BY person) FROM note) AS notes,
  (SELECT json_agg(name ORDER BY name) FROM town) AS towns,
  (SELECT json_agg(name ORDER BY name) FROM good) AS goods,
  (SELECT json_agg(name ORDER BY name) FROM tag) AS tags,
  (SELECT json_agg(json_build_object('person', m.person_id, 'stall', s.salesforce_id, 'status', status, 'started_on', started_on, 'frozen', frozen::text))
   FROM membership m JOIN stall s ON s.id = m.stall_id) AS memberships,
  (SELECT json_agg(json_build_object('person', person_id, 'title', title, 'id', j.salesforce_id, 'rank', rank, 'done_on', done_on,
     'helper', helper_id, 'stall', s.salesforce_id)) FROM job j LEFT JOIN stall s ON s.id = j.stall_id) AS jobs,
  (SELECT json_agg(json_build_object('id', salesforce_id, 'campaign', campaign, 'person', person_id, 'result', result)) FROM score) AS scores,
  (SELECT json_agg(concat_ws(' ', m.name, w.link, w.source_id)) FROM sluice.waiting_link w JOIN sluice.mapping m ON m.id = w.mapping_id
   WHERE w.linked_at IS NULL) AS waiting,
  (SELECT json_agg(concat_ws(' ', m.name, q.source_id)) FROM sluice.quarantine q JOIN sluice.mapping m ON m.id = q.mapping_id
   WHERE q.closed_at IS NULL) AS quarantined`;

export async function readFair({ database }: Pick<Rig, 'database'>): Promise<FoundFair> {
  const { rows } = await database.query<Record<string, readonly unknown[] | null>>(FAIR);
  return Object.fromEntries(
    Object.entries(rows[0] ?? {}).map(([name, all]) => [name, all ?? []]),
  ) as unknown as FoundFair;
}
