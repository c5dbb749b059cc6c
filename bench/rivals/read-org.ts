import jsforce from 'jsforce';
import { setting } from './setting.ts';

/** A student as jsforce gives it. */
export interface OrgStudent {
  readonly Id: string;
  readonly AccountId: string | null;
  readonly FirstName: string | null;
  readonly LastName: string | null;
  readonly MiddleName: string | null;
  readonly Email: string | null;
  readonly Phone: string | null;
  readonly Local_Student_ID__c: string | null;
  readonly Birthdate: string | null;
  readonly Gender__c: string | null;
  readonly Racial_Ethnic_Background__c: string | null;
  readonly Class__c: string | null;
  readonly Legacy_Grade__c: string | null;
  readonly Current_Grade__c: number | null;
}

/** All students in memory, page by page over REST: what scripts do today. */
export async function readStudents(limit = Number.POSITIVE_INFINITY): Promise<OrgStudent[]> {
  const connection = new jsforce.Connection({
    instanceUrl: setting('BENCH_ORG_URL'),
    accessToken: setting('BENCH_ORG_TOKEN'),
    version: setting('BENCH_API_VERSION'),
  });
  const soql = setting('BENCH_SOQL') + (Number.isFinite(limit) ? ` LIMIT ${limit}` : '');
  const { records } = await connection.query(soql, { autoFetch: true, maxFetch: 100_000_000 });
  return records as unknown as OrgStudent[];
}
