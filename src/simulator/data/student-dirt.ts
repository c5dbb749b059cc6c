/**
 * What real records look like after ten years: values that break a careless import and none of which is wrong enough
 * to lose the student. Each kind falls on one student in a thousand, by the last three digits of its index, so that a
 * small org has every kind too. No name here is blank or longer than 50 characters.
 */
export const STUDENT_DIRT: Readonly<Record<number, Readonly<Record<string, string | number>>>> = {
  13: { FirstName: '小龙', LastName: '欧阳' },
  29: { FirstName: 'Zoe\u0308', MiddleName: 'e\u0301tienne' },
  41: { FirstName: '🦊 Robin', MiddleName: '👩‍👩‍👧' },
  57: { FirstName: 'נועה', LastName: 'ברק', MiddleName: '\u200fאור\u200e' },
  73: { FirstName: 'Jo "Jojo"', LastName: "O'Hara, Jr." },
  89: { MiddleName: 'two\nlines', Racial_Ethnic_Background__c: 'White\r\nAsian' },
  101: { Legacy_Grade__c: 'carriage\rreturn', MiddleName: 'tab\tand "quote"' },
  113: { FirstName: '  Ana ', LastName: '\tBell ', MiddleName: '   ' },
  131: { MiddleName: 'Maximiliane '.repeat(12) },
  149: { Racial_Ethnic_Background__c: 'Two or more races; '.repeat(12) },
  163: { Local_Student_ID__c: '0123456789'.repeat(8) },
  179: { Email: 'not an address' },
  191: { Email: 'ana@@school..example' },
  211: { Email: '  Upper.Case@Mail.EXAMPLE ' },
  227: { Email: 'ünï@bücher.example' },
  239: { Phone: 'ask the front office, ext. 4411' },
  251: { Phone: '+1 (816) 555-0134 / 0135' },
  263: { MiddleName: '=1+1', Local_Student_ID__c: '=HYPERLINK("http://a.example")' },
  277: { LastName: '=cmd', Racial_Ethnic_Background__c: '@SUM(A1:A9)' },
  281: { Local_Student_ID__c: '+4411', Legacy_Grade__c: '-1' },
  307: { Birthdate: '0001-01-01' },
  331: { Birthdate: '4000-12-31' },
  347: { Birthdate: '1900-02-28' },
  359: { Current_Grade__c: 13 },
  373: { Current_Grade__c: -1 },
  389: { Current_Grade__c: 7.5 },
  401: { Gender__c: 'M' },
  419: { Gender__c: 'NA' },
  431: { Gender__c: 'Non binary' },
  443: { Gender__c: 'unicorn' },
  457: { MiddleName: 'nul\u0000inside' },
  479: { Local_Student_ID__c: '\u0000' },
  491: { Local_Student_ID__c: '\\N', MiddleName: '\\.' },
  509: { MiddleName: 'null', Legacy_Grade__c: 'undefined' },
  523: { LastName: 'Null' },
  541: { MiddleName: '\ufeff\u00a0\u2028' },
};

/** The students that share somebody's data: the same person under a second id, and a sibling with the same e-mail. */
export const TWIN_OF_PREVIOUS = 602;
export const SIBLING_OF_PREVIOUS = 702;

export const DIRT_EVERY = 1000;
