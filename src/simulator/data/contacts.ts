import { CONTACT } from '../schema/contact.ts';
import { contactBlocks } from './contact-blocks.ts';
import type { Draw, Generated } from './generated.ts';
import type { Sizes } from './sizes.ts';
import { stack } from './stack.ts';
import { stampColumns } from './stamps.ts';
import { studentColumns } from './students.ts';
import { teacherColumns } from './teachers.ts';
import { volunteerColumns } from './volunteers.ts';

/** Every person, in blocks: students, teachers, volunteers. */
export function contacts(sizes: Sizes, draw: Draw): Generated {
  const students = studentColumns(sizes, (purpose, index) => draw(purpose + 300, index));
  return {
    schema: CONTACT,
    count: contactBlocks(sizes).end,
    columns: {
      ...stampColumns((purpose, index) => draw(purpose + 500, index)),
      ...stack(CONTACT, [
        { count: sizes.students, columns: { ...students, Contact_Type__c: () => 'Student' } },
        { count: sizes.teachers, columns: teacherColumns(sizes, (purpose, index) => draw(purpose + 1500, index)) },
        { count: sizes.volunteers, columns: volunteerColumns(sizes, (purpose, index) => draw(purpose + 2400, index)) },
      ]),
    },
  };
}
