import type { AttributeIndex, IndexKind } from './attribute-index.js';

/** An index on an attribute that the database has. */
export interface FoundIndex {
  name: string;
  /** As filters name it behind `attributes.`; null if that is not noted. */
  attribute: string | null;
  kind: IndexKind | undefined;
  /** `invalid`: it serves nothing, since its making was broken off. */
  state: 'valid' | 'invalid' | 'being made';
  /** Its size, if that is known without reading it. */
  bytes: number | null;
}

/** What can be done with the indexes on attributes, on connections without time limits. Errors are those of the driver. */
export interface IndexSession {
  /** All of them, by their names. */
  list(): Promise<FoundIndex[]>;
  /**
   * Makes those that are missing, one after the other, and tells the database how its items are spread over them. `told` hears of each
   * that was made. Other processes that do the same are waited for.
   */
  make(indexes: AttributeIndex[], told: (index: AttributeIndex, durationMs: number) => void): Promise<void>;
  /** False if there is no such index on an attribute. */
  drop(name: string): Promise<boolean>;
  close(): Promise<void>;
}
