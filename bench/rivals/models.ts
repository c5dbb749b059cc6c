import { DataTypes, type ModelStatic, Sequelize, type Model } from 'sequelize';
import { setting } from './setting.ts';

export interface Models {
  readonly sequelize: Sequelize;
  readonly contact: ModelStatic<Model>;
  readonly student: ModelStatic<Model>;
  readonly email: ModelStatic<Model>;
  readonly phone: ModelStatic<Model>;
  readonly classroom: ModelStatic<Model>;
}

const key = { type: DataTypes.INTEGER, primaryKey: true };
const text = DataTypes.STRING;

const table = (tableName: string): { tableName: string } => ({ tableName });

/** Models as somebody writes them for these tables; pool and logging as they usually are in production. */
export function openModels(): Models {
  const sequelize = new Sequelize(setting('DATABASE_URL'), { logging: false, define: { timestamps: false } });
  return {
    sequelize,
    contact: sequelize.define(
      'contact',
      {
        id: { ...key, autoIncrement: true },
        type: text,
        salesforce_individual_id: { type: text, unique: true },
        salesforce_account_id: text,
        first_name: text,
        last_name: text,
        middle_name: text,
        birthdate: DataTypes.DATEONLY,
        gender: text,
      },
      table('contact'),
    ),
    student: sequelize.define(
      'student',
      {
        id: key,
        student_id: text,
        current_grade: DataTypes.INTEGER,
        legacy_grade: text,
        racial_ethnic: text,
        class_salesforce_id: text,
      },
      table('student'),
    ),
    email: sequelize.define(
      'email',
      {
        id: { ...key, autoIncrement: true },
        contact_id: DataTypes.INTEGER,
        email: text,
        type: text,
        primary: DataTypes.BOOLEAN,
      },
      table('email'),
    ),
    phone: sequelize.define(
      'phone',
      {
        id: { ...key, autoIncrement: true },
        contact_id: DataTypes.INTEGER,
        number: text,
        type: text,
        primary: DataTypes.BOOLEAN,
      },
      table('phone'),
    ),
    classroom: sequelize.define('class', { id: key, salesforce_id: text }, table('class')),
  };
}

/** @returns Salesforce ids of the classes that exist: students may only refer to these */
export async function readClasses({ classroom }: Models): Promise<ReadonlySet<string>> {
  const rows = await classroom.findAll({ attributes: ['salesforce_id'] });
  return new Set(rows.map((row) => row.get('salesforce_id') as string));
}
