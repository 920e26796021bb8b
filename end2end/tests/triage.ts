// What axe leaves open ("incomplete") and a person has looked at: which rule, on what, and why it is well (STANDARDS A-002).
// Whatever is not listed here fails, and has to be looked at first.
export const triaged: { rule: string; selector: string; why: string }[] = [
  {
    rule: "css-orientation-lock",
    selector: "html",
    why: "axe reads no style sheet here. Ours asks for no orientation: gates.spec.ts reads it.",
  },
  {
    rule: "hidden-content",
    selector: "*",
    why: "axe asks that what is hidden be shown and looked at. Everything that unfolds is unfolded (unfold in house.ts), each refused form is opened, dialogs are opened by kit.spec.ts; what is left is for eyes or ears alone.",
  },
  ...["color-contrast", "color-contrast-enhanced"].map((rule) => ({
    rule,
    selector: "select",
    why: "the gradient is the arrow at the edge, never behind the words: those stand on the colour of every other field, which axe measures there.",
  })),
  ...["color-contrast", "color-contrast-enhanced"].map((rule) => ({
    rule,
    selector: ".group-tag > span",
    why: "the pattern of a group is a strip beside the words, which begin after it (padding): they stand on the colour of cards, as other tags do.",
  })),
  ...["color-contrast", "color-contrast-enhanced"].map((rule) => ({
    rule,
    selector: ".changes ins, .changes del, .changes > span",
    why: "words that go over the end of a line overlap the words beside them in axe's reckoning. Those that stand on one line have the same two colours, and axe measures them.",
  })),
  {
    rule: "identical-links-same-purpose",
    selector: ".card > .meta > a",
    why: "at /moderation several comments of one design wait: each link leads to its own comment there, and the card says which it is.",
  },
  {
    rule: "identical-links-same-purpose",
    selector: ".card > .acts > a",
    why: "at /moderation several words of one person wait: each link takes away its own, which stand in the card above it.",
  },
];
