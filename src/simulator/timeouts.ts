/** How many rows a query may mean before the org gives up on it; Infinity for any number. Tests change them. */
export interface Timeouts {
  bulkRows: number;
  restRows: number;
}

export const TOO_LONG = 'Your query request was running for too long.';
