import { AFFILIATIONS } from './floor-affiliations.ts';
import { PARTICIPATIONS } from './floor-participations.ts';
import { STUDENTS_COMPARE, STUDENTS_INSERT_ONLY } from './floor-students.ts';
import type { Floor } from './floor.ts';

/** Every floor by its name. */
export const FLOORS = {
  'students insert': STUDENTS_INSERT_ONLY,
  'students compare': STUDENTS_COMPARE,
  affiliations: AFFILIATIONS,
  'student-participants': PARTICIPATIONS,
} as const satisfies Record<string, Floor>;

export type FloorName = keyof typeof FLOORS;
