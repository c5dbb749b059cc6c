/** What an expression says, with the place of each part in its text, in UTF-16 units. */
export type Node = Placed &
  (
    | Literal
    | { readonly kind: 'name'; readonly name: string }
    | Member
    | Call
    | Method
    | { readonly kind: 'list'; readonly items: readonly Node[] }
    | Choice
    | { readonly kind: 'logic'; readonly sign: '&&' | '||'; readonly left: Node; readonly right: Node }
    | { readonly kind: 'binary'; readonly sign: BinarySign; readonly left: Node; readonly right: Node }
    | { readonly kind: 'unary'; readonly sign: '!' | '-'; readonly of: Node }
  );

export type NodeOf<K extends Node['kind']> = Extract<Node, { readonly kind: K }>;

export type BinarySign = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

interface Placed {
  readonly start: number;
  readonly end: number;
}

interface Literal {
  readonly kind: 'literal';
  readonly type: 'text' | 'integer' | 'number' | 'boolean' | 'null';
  readonly value: string | number | boolean | null;
}

/** `contact.type`, and `row["postal code"]`, which says the same of names that are no words. */
interface Member {
  readonly kind: 'member';
  readonly of: Node;
  readonly name: string;
  /** Where the name begins; for brackets, its quotation mark. */
  readonly at: number;
}

interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Node[];
}

/** `list.exists(item, condition)` */
interface Method {
  readonly kind: 'method';
  readonly name: string;
  readonly of: Node;
  readonly args: readonly Node[];
  readonly at: number;
}

interface Choice {
  readonly kind: 'choice';
  readonly condition: Node;
  readonly yes: Node;
  readonly no: Node;
}
