import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * What items are found by. SQL can't make it, so `search_filling` has a row until the service has filled it in, with the id up
 * to which it came. Older releases must not write from here on, since they would leave the terms of the item before. So this
 * migration puts nothing into `schema_compatibility`.
 */
export class SearchItems1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.connection.options.type === 'postgres';
    for (const statement of isPostgres ? POSTGRES_UP : SQLITE_UP) await runner.query(statement);
    const filledTo = { name: 'filled_to', type: 'varchar', length: '128', isPrimary: true };
    const columns = [{ ...filledTo, ...(isPostgres && { collation: 'C' }) }];
    await runner.createTable(new Table({ name: 'search_filling', columns }));
    await runner.query(`INSERT INTO search_filling (filled_to) SELECT '' WHERE EXISTS (SELECT 1 FROM items)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('search_filling');
    await runner.query('DROP TABLE item_terms');
  }
}

// Terms are separated by spaces. This tokenizer leaves letters beyond ASCII alone. Without `detail` a row keeps no positions.
const SQLITE_UP = [
  `CREATE VIRTUAL TABLE item_terms
   USING fts5 (terms, content = '', contentless_delete = 1, tokenize = 'ascii', detail = 'none')`,
];

const POSTGRES_UP = [
  'CREATE TABLE item_terms (id varchar(128) COLLATE "C" PRIMARY KEY, terms tsvector NOT NULL)',
  'CREATE INDEX item_terms_terms ON item_terms USING gin (terms)',
];
