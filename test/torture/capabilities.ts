/** What the engine can do; what is false is neither asked for nor expected. */
export const CAN = {
  /** Reads only what has changed. */
  incremental: true,
  /** Rows follow records that are gone. */
  deletes: true,
  /** A full reading finds what is gone without a trace; else only a reconciliation does. */
  findPurgedByReading: true,
  /** Records that were left out for want of a parent are kept in the state. */
  leftOut: true,
};
