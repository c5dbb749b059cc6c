/** How many rows the org starts with. */
export interface Sizes {
  readonly students: number;
  /** Students that name a school that exists, and one that does not; the rest names none. */
  readonly studentsWithSchool: number;
  readonly studentsWithMissingSchool: number;
  /** Students that no mapping can take: a blank or over-long name. */
  readonly badStudents: number;
  readonly teachers: number;
  /** Among them, those without a first or a last name. */
  readonly namelessTeachers: number;
  readonly volunteers: number;
  readonly schools: number;
  readonly districts: number;
  readonly households: number;
  /** All other accounts, and those among them without a Type. */
  readonly organizations: number;
  readonly untypedOrganizations: number;
  readonly classes: number;
  readonly affiliations: AffiliationSizes;
  readonly sessions: SessionSizes;
  readonly participants: ParticipantSizes;
  readonly tasks: number;
  readonly emailMessages: number;
  readonly cases: number;
  readonly pathways: number;
  readonly pathwaySessions: number;
  readonly pathwayParticipants: number;
  readonly campaigns: number;
  readonly campaignMembers: number;
}

/** Affiliations by whose they are; `all` is their sum. */
export interface AffiliationSizes {
  readonly all: number;
  readonly volunteers: number;
  /** Different (volunteer, organization) among those of volunteers: the rest repeats one of them. */
  readonly volunteerPairs: number;
  readonly teachers: number;
  readonly students: number;
  /** They name a contact that is not there, or none. */
  readonly nobodys: number;
}

export interface SessionSizes {
  /** Sessions that are neither Draft nor of the connector; the other two stand beside them. */
  readonly events: number;
  readonly drafts: number;
  readonly connector: number;
  /** Events without a name, with a blank one, without a start, with an unknown status, with a negative count: so many of each. */
  readonly brokenEach: number;
}

export interface ParticipantSizes {
  readonly students: number;
  /** Among them: a (session, student) that is there already, an unknown session or student, and a Draft session. */
  readonly repeatedStudents: number;
  readonly unmatchedStudents: number;
  readonly studentsInDrafts: number;
  readonly volunteers: number;
  /** Among them: whose volunteer or session none of the imports before them could know. */
  readonly unmatchedVolunteers: number;
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

/** A count that grows with the students, up to `full` where there are 145,266, and never falls below `least`. */
type Share = (full: number, least: number) => number;

export function sizesOf(options: SizeOptions = {}): Sizes {
  const scale = options.scale ?? 1;
  const students = options.students ?? Math.round(STUDENTS * scale);
  const schools = options.schools ?? Math.max(1, Math.round(SCHOOLS * scale));
  // The least is what it takes to hold each kind of dirt once, so that a small org breaks an import as a large one does.
  const share: Share = (full, least) =>
    students === 0 ? 0 : Math.max(least, Math.round((full * students) / STUDENTS));
  const sessions = sessionSizes(share);
  return {
    students,
    studentsWithSchool: schools === 0 ? 0 : Math.round(students * WITH_SCHOOL),
    studentsWithMissingSchool: Math.round(students * WITH_MISSING_SCHOOL),
    badStudents: Math.round(students * (options.badStudents ?? 0)),
    teachers: share(1500, 60),
    namelessTeachers: share(6, 2),
    volunteers: share(12_600, 130),
    schools,
    districts: Math.ceil((schools * 24) / SCHOOLS),
    households: Math.ceil(students / 70),
    organizations: share(3811, 70),
    untypedOrganizations: share(984, 18),
    classes: options.classes ?? Math.ceil((schools * 1200) / SCHOOLS),
    affiliations: affiliationSizes(share),
    sessions,
    participants: participantSizes(share, students * sessions.events),
    tasks: share(12_000, 120),
    emailMessages: share(8000, 120),
    cases: share(900, 60),
    pathways: share(60, 12),
    pathwaySessions: share(700, 60),
    pathwayParticipants: share(2500, 60),
    campaigns: share(120, 12),
    campaignMembers: share(6000, 60),
  };
}

function affiliationSizes(share: Share): AffiliationSizes {
  const volunteers = share(60_000, 600);
  const teachers = share(3000, 60);
  const nobodys = share(1000, 10);
  const students = share(290_000, 0);
  return {
    all: volunteers + teachers + nobodys + students,
    volunteers,
    volunteerPairs: volunteers - share(4000, 40),
    teachers,
    students,
    nobodys,
  };
}

function sessionSizes(share: Share): SessionSizes {
  return { events: share(3450, 150), drafts: share(150, 10), connector: share(100, 10), brokenEach: share(10, 1) };
}

/** @param pairs (session, student) at most */
function participantSizes(share: Share, pairs: number): ParticipantSizes {
  const some = share(49_000, 300);
  return {
    students: Math.min(some, Math.max(some === 0 ? 0 : 60, Math.floor(pairs / 2))),
    repeatedStudents: share(40, 5),
    unmatchedStudents: share(60, 5),
    studentsInDrafts: share(300, 6),
    volunteers: share(20_180, 250),
    unmatchedVolunteers: share(537, 6),
  };
}
