// What axe leaves open ("incomplete") and a person has looked at: which rule, on what, and why it is well (STANDARDS A-002).
// Whatever is not listed here fails, and has to be looked at first.
export const triaged: { rule: string; selector: string; why: string }[] = [
];
