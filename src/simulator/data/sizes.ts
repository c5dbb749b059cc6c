/** How many rows the org starts with. */
export interface Sizes {
  readonly students: number;
  /** Students that name a school that exists, and one that does not; the rest names none. */
  readonly studentsWithSchool: number;
  readonly studentsWithMissingSchool: number;
  /** Students that no mapping can take: a blank or over-long name. */
  readonly badStudents: number;
  readonly teachers: number;
  readonly volunteers: number;
  readonly schools: number;
  readonly districts: number;
  readonly households: number;
  readonly organizations: number;
  readonly classes: number;
}

export interface SizeOptions {
  /** Share of the full size, 145,266 students and 178 schools; 1 unless told. */
  readonly scale?: number;
  /** Counts that are told win over `scale`. */
  readonly students?: number;
  readonly schools?: number;
  readonly classes?: number;
  /** Share of the students, 0 to 1, that are broken; 0 unless told. */
  readonly badStudents?: number;
}

const STUDENTS = 145_266;
const WITH_SCHOOL = 27_771 / STUDENTS;
const WITH_MISSING_SCHOOL = 496 / STUDENTS;
const SCHOOLS = 178;

export function sizesOf(options: SizeOptions = {}): Sizes {
  const scale = options.scale ?? 1;
  const students = options.students ?? Math.round(STUDENTS * scale);
  const schools = options.schools ?? Math.max(1, Math.round(SCHOOLS * scale));
  return {
    students,
    studentsWithSchool: schools === 0 ? 0 : Math.round(students * WITH_SCHOOL),
    studentsWithMissingSchool: Math.round(students * WITH_MISSING_SCHOOL),
    badStudents: Math.round(students * (options.badStudents ?? 0)),
    teachers: Math.ceil(students / 97),
    volunteers: Math.ceil(students / 60),
    schools,
    districts: Math.ceil((schools * 24) / SCHOOLS),
    households: Math.ceil(students / 70),
    organizations: Math.ceil(students / 400),
    classes: options.classes ?? Math.ceil((schools * 1200) / SCHOOLS),
  };
}
