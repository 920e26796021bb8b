/** The themes of /display that are colours of their own; "auto" is one of the first two. */
export const themes = ["light", "dark", "contrast", "cream", "blue"];
