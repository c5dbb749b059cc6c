/** The items of a text between any of the separators, without spaces at their ends; blank ones are left out. */
export function splitItems(text: string, separators: readonly string[]): readonly string[] {
  let parts: readonly string[] = [text];
  for (const separator of separators) parts = parts.flatMap((part) => part.split(separator));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
