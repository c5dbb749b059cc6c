import type {
  DataType,
  DataTypes as Types,
  ModelAttributeColumnOptions,
  ModelStatic,
  Model,
  Sequelize,
} from 'sequelize';
import type { Column, ColumnType, Table } from '../config/table.ts';

/** Sequelize models of the table files, by table name, on the database's own pool. */
export async function defineModels(
  sequelize: Sequelize,
  tables: Iterable<Table>,
): Promise<ReadonlyMap<string, ModelStatic<Model>>> {
  const { DataTypes } = await import('sequelize');
  const models = new Map<string, ModelStatic<Model>>();
  for (const table of tables) {
    const attributes = Object.fromEntries(
      table.columns.map((column) => [column.name, attributeOf(table, column, dataType(column.type, DataTypes))]),
    );
    models.set(
      table.name,
      // A table is indexed and constrained by `db migrate`; a model is only to read and write it.
      sequelize.define(table.name, attributes, { tableName: table.name, timestamps: false, freezeTableName: true }),
    );
  }
  return models;
}

function attributeOf(table: Table, column: Column, type: DataType): ModelAttributeColumnOptions {
  return {
    type,
    primaryKey: table.primaryKey.includes(column.name),
    autoIncrement: column.generated && table.primaryKey.includes(column.name) && column.type.kind !== 'uuid',
    allowNull: !column.required,
    ...(column.unique ? { unique: true } : {}),
    ...(column.default === null || column.default === 'now' ? {} : { defaultValue: column.default }),
  };
}

function dataType(type: ColumnType, types: typeof Types): DataType {
  switch (type.kind) {
    case 'string':
      return types.STRING(type.length);
    case 'enum':
      return types.STRING;
    case 'text':
      return types.TEXT;
    case 'integer':
      return types.INTEGER;
    case 'bigint':
      return types.BIGINT;
    case 'numeric':
      return type.precision === null ? types.DECIMAL : types.DECIMAL(type.precision, type.scale ?? 0);
    case 'float':
      return types.DOUBLE;
    case 'boolean':
      return types.BOOLEAN;
    case 'date':
      return types.DATEONLY;
    case 'timestamp':
      return types.DATE;
    case 'json':
      return types.JSONB;
    case 'uuid':
      return types.UUID;
  }
}
