// Runs inside a page under test and says what is wrong with how it looks. Each function gives a list of sentences, empty
// when all is well. Nothing here changes the page but `focused` and `rings`, which move the focus.
globalThis.look = (() => {
  const short = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const unseen = ".unseen, .skip:not(:focus), [hidden]";
  /** Words for those who hear the page: in it, and not drawn. */
  const spoken = (e) => { for (let at = e; at; at = at.parentElement) if (getComputedStyle(at).clipPath === "inset(50%)") return true; return false; };
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && !e.closest(unseen) && !spoken(e);
  const px = (text) => Number.parseFloat(text) || 0;
  const solid = (colour) => colour !== "transparent" && !/rgba\(.*, 0\)|\/ 0\)/.test(colour);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

  /** Every piece of text that can be seen: its node, the element it stands in, and a rectangle for each line. */
  const texts = () => {
    const out = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("script, style, noscript, option, textarea, svg") || !shown(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const rects = [...range.getClientRects()].filter((r) => r.width > 0.5 && r.height > 0.5);
      if (rects.length > 0) out.push({ node, parent, rects, words: node.data.trim().replace(/\s+/g, " ").slice(0, 50) });
    }
    return out;
  };

  /** The nearest element around that has an edge one can see. */
  const box = (e) => {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "inline" || style.display === "contents") continue;
      const edge = px(style.borderTopWidth) > 0 && style.borderTopStyle !== "none" && solid(style.borderTopColor);
      if (edge || solid(style.backgroundColor)) return at;
    }
    return undefined;
  };
  const scroller = (e) => {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return at;
    }
    return undefined;
  };

  /** Nothing is cut off, nothing stands outside of its box or of the window, no words lie on others. */
  const fits = () => {
    const wrong = [];
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > room) {
      const wide = all("body *").filter((e) => shown(e) && !scroller(e.parentElement) && e.getBoundingClientRect().right > room + 1);
      wrong.push(`scrolls sideways: ${document.documentElement.scrollWidth} px in ${room}; ${wide.slice(-2).map(short).join(" | ")}`);
    }
    for (const e of all("body *")) {
      const style = getComputedStyle(e);
      const cut = (overflow) => /hidden|clip/.test(overflow);
      if (!(cut(style.overflowX) || cut(style.overflowY)) || e.matches("input, select, textarea, svg, svg *, img") || !shown(e)) continue;
      const x = cut(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
      const y = cut(style.overflowY) && e.scrollHeight > e.clientHeight + 1;
      if ((x || y) && e.clientWidth > 1) wrong.push(`cut off (${e.scrollWidth}x${e.scrollHeight} in ${e.clientWidth}x${e.clientHeight}): ${short(e)}`);
    }
    const lines = [];
    for (const { node, parent, rects, words } of texts()) {
      const inScroller = scroller(parent);
      const around = box(parent);
      const frame = around?.getBoundingClientRect();
      for (const r of rects) {
        if (!inScroller && (r.left < -1 || r.right > room + 1)) wrong.push(`outside of the window: “${words}”`);
        // A line's rectangle is as high as the letters may be, which is more than the line where lines are close.
        const slack = 2 + r.height * 0.25;
        if (frame && !inScroller && (r.left < frame.left - 2 || r.right > frame.right + 2 || r.top < frame.top - slack || r.bottom > frame.bottom + slack)) {
          wrong.push(`outside of its box: “${words}” in ${short(around)}`);
        }
        lines.push({ node, r, words });
      }
    }
    lines.sort((a, b) => a.r.top - b.r.top);
    for (let i = 0; i < lines.length; i++) {
      for (let j = i + 1; j < lines.length && lines[j].r.top < lines[i].r.bottom; j++) {
        const [a, b] = [lines[i], lines[j]];
        if (a.node === b.node) continue;
        const across = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
        const down = Math.min(a.r.bottom, b.r.bottom) - b.r.top;
        if (across > 2 && down > 0.4 * Math.min(a.r.height, b.r.height)) wrong.push(`lies on other words: “${a.words}” and “${b.words}”`);
      }
    }
    return [...new Set(wrong)].slice(0, 8);
  };

  /** Words of up to twelve letters that are broken in two. Somebody would have to put them together again. */
  const broken = () => {
    const wrong = [];
    for (const { node, rects, words } of texts()) {
      if (rects.length < 2) continue;
      for (const found of node.data.matchAll(/\p{L}{2,12}/gu)) {
        // Parts of an address are no words.
        if (/[@./_]/.test(node.data[found.index - 1] ?? " ") || /[@/_]|\.\p{L}/u.test(node.data.slice(found.index + found[0].length).slice(0, 2))) continue;
        const range = document.createRange();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        const tops = new Set([...range.getClientRects()].filter((r) => r.width > 0.5).map((r) => Math.round(r.top)));
        if (tops.size > 1) wrong.push(`the word “${found[0]}” is broken: “${words}”`);
      }
    }
    return wrong;
  };

  /** No words are smaller than 15 pixels, drawn ones included, and none are broken in two. */
  const legible = () => {
    const wrong = broken();
    for (const { parent, words } of texts()) {
      const size = px(getComputedStyle(parent).fontSize);
      if (size < 15) wrong.push(`${getComputedStyle(parent).fontSize}: “${words}”`);
      // A sentence in a column of a few letters: somebody would have to read it letter by letter.
      let block = parent;
      while (block && getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
      const area = block?.getBoundingClientRect();
      if (area && words.length > 15 && area.width < 4 * size && area.height > 6 * size) wrong.push(`squeezed into ${Math.round(area.width)} px: “${words}”`);
    }
    for (const e of all("svg text")) {
      if (!shown(e)) continue;
      const size = px(getComputedStyle(e).fontSize) * (e.getScreenCTM()?.a ?? 1);
      if (size < 15) wrong.push(`${size.toFixed(1)}px in a drawing: “${e.textContent}”`);
    }
    return [...new Set(wrong)].slice(0, 8);
  };

  /** A link inside a sentence may be as small as the sentence. */
  const inSentence = (e) => {
    if (!e.matches("a") || getComputedStyle(e).display !== "inline") return false;
    let block = e.parentElement;
    while (block && getComputedStyle(block).display === "inline") block = block.parentElement;
    if (!block) return false;
    const own = [...block.querySelectorAll("a, button, .unseen")].reduce((sum, a) => sum + a.textContent.length, 0);
    return block.textContent.replace(/[\s·.,|…]+/g, " ").trim().length - own >= 5;
  };
  const targetBox = (e) => {
    if (e.matches("input[type=radio], input[type=checkbox]")) return (e.closest(".choice") ?? e).getBoundingClientRect();
    return e.getBoundingClientRect();
  };

  /** Everything that can be pressed is at least 44 by 44 pixels. */
  const targets = () => {
    const wrong = [];
    for (const e of all(controls)) {
      if (!shown(e) || inSentence(e)) continue;
      const r = targetBox(e);
      if (r.width > 0 && (r.width < 43.5 || r.height < 43.5)) wrong.push(`${Math.round(r.width)}x${Math.round(r.height)}: ${short(e)}`);
    }
    return wrong.slice(0, 8);
  };

  /** What the one with the focus looks like: in the window, not covered, with a whole ring around it. */
  const focused = () => {
    const e = document.activeElement;
    if (!e || e === document.body) return ["nothing has the focus"];
    const holder = e.matches(".choice input") ? e.closest(".choice") : e;
    const style = getComputedStyle(holder);
    const wrong = [];
    const forced = matchMedia("(forced-colors: active)").matches;
    // Our ring: 4 px of sun inside 3 px of ink. In forced colours shadows are not drawn and the outline is the ring.
    const ring = forced
      ? style.outlineStyle !== "none" && px(style.outlineWidth) >= 2 && solid(style.outlineColor)
      : /0px 0px 0px 4px/.test(style.boxShadow) && /0px 0px 0px 7px/.test(style.boxShadow);
    // What only says something (thanks, an error summary, main) takes the focus for reading: it may go without a ring.
    const control = e.matches(controls);
    if (control && !ring) wrong.push("has no ring");
    const [w, h] = [document.documentElement.clientWidth, window.innerHeight];
    const r = getComputedStyle(e).display === "inline" ? e.getClientRects()[0] : holder.getBoundingClientRect();
    if (!r) return [`is not there: ${short(e)}`];
    const [top, bottom] = [Math.max(r.top, 0), Math.min(r.bottom, h)];
    // A long field may go on below the window; where one writes is in it.
    if (bottom - top < Math.min(r.height, 44) - 1 || r.right < 1 || r.left > w - 1) wrong.push(`is outside of the window (${Math.round(r.top)} to ${Math.round(r.bottom)} of ${h})`);
    else if (control) {
      for (const y of [0.15, 0.5, 0.85]) {
        for (const x of [0.15, 0.5, 0.85]) {
          const at = [Math.min(w - 1, r.left + r.width * x), top + (bottom - top) * y];
          const hit = document.elementFromPoint(...at);
          const same = hit && (holder.contains(hit) || hit.contains(holder) && !hit.closest(".top") || hit.closest("label")?.control === e);
          if (!same) wrong.push(`is covered by ${hit ? short(hit) : "nothing"}`);
        }
      }
      for (let at = holder.parentElement; at && at !== document.documentElement; at = at.parentElement) {
        const s = getComputedStyle(at);
        if (s.overflowX === "visible" && s.overflowY === "visible") continue;
        const frame = at.getBoundingClientRect();
        // Along the way one can scroll, the edge of what is shown cuts; across it there must be room for the ring.
        if (r.left - 4 < frame.left - 0.5 || (r.right + 4 > frame.right + 0.5 && !/auto|scroll/.test(s.overflowX)) || (r.top - 4 < frame.top - 0.5 && !/auto|scroll/.test(s.overflowY)) || (r.bottom + 4 > frame.bottom + 0.5 && !/auto|scroll/.test(s.overflowY))) {
          wrong.push(`has a ring that is cut off by ${short(at).slice(0, 60)}`);
        }
      }
      if (r.left < 4 || r.right > w - 4) wrong.push("has a ring that the edge of the window cuts off");
    }
    return [...new Set(wrong)].map((words) => `${words}: ${short(e)}`);
  };

  /** The same for everything that can have the focus. */
  const rings = () => {
    const wrong = [];
    for (const e of all(controls)) {
      if (!e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) || e.closest("[hidden]") || e.disabled) continue;
      e.focus();
      if (document.activeElement === e) wrong.push(...focused());
      else if (!e.closest("[popover]:not(:popover-open)")) wrong.push(`takes no focus: ${short(e)}`);
      if (wrong.length > 8) break;
    }
    document.activeElement?.blur();
    window.scrollTo(0, 0);
    return wrong;
  };

  /** Nothing moves, fades or slides by itself or when it is pressed. */
  const moves = () => {
    const wrong = document.getAnimations().map((a) => `moves: ${short(a.effect?.target ?? document.body)}`);
    for (const e of all("*")) {
      for (const part of [undefined, "::before", "::after"]) {
        const s = getComputedStyle(e, part);
        if (s.animationName !== "none" || s.transitionDuration.split(",").some((d) => px(d) > 0) || s.scrollBehavior === "smooth") wrong.push(`would move: ${short(e)}`);
      }
    }
    return [...new Set(wrong)].slice(0, 8);
  };

  /** In forced colours: everything one can press or fill in has an edge or looks like a link. */
  const edges = () => {
    const wrong = [];
    const ground = getComputedStyle(document.body).backgroundColor;
    for (const e of all("button, .button, input:not([type=hidden]), select, textarea, .choice, .card, .notice, .tag, .error-summary, .more, .leave")) {
      if (!shown(e) || e.matches(".plain")) continue;
      const s = getComputedStyle(e);
      if (e.matches("input[type=radio], input[type=checkbox]") && s.appearance !== "none") continue;
      const sides = ["Top", "Right", "Bottom", "Left"].every((side) => px(s[`border${side}Width`]) >= 1 && s[`border${side}Style`] !== "none" && solid(s[`border${side}Color`]) && s[`border${side}Color`] !== ground);
      if (!sides) wrong.push(`has no edge: ${short(e)}`);
    }
    for (const e of all("a[href]:not(.button, .leave)")) {
      if (shown(e) && !e.closest("nav, .mark") && !/underline/.test(getComputedStyle(e).textDecorationLine) && !e.matches(".mark")) wrong.push(`does not look like a link: ${short(e)}`);
    }
    return [...new Set(wrong)].slice(0, 8);
  };

  /** What stands on every page, whoever looks: the way past the menu comes first, help and safety are the same five links in
   * the same order (WCAG 3.2.6), and "Leave now" can be seen and tells nobody where somebody came from. */
  const HELP = "/help Help | /talk Talk to a person | /not-safe I do not feel safe | /accessibility Accessibility | /privacy Privacy";
  const standing = () => {
    const wrong = [];
    const first = all(controls).find((e) => e.checkVisibility({ visibilityProperty: true }));
    if (!first?.matches("a.skip[href='#main']") || !document.querySelector("main#main")) wrong.push(`the way past the menu does not come first: ${first ? short(first) : "nothing"}`);
    const navs = all("nav[aria-label='Help and safety']").filter(shown);
    const links = navs.flatMap((nav) => [...nav.querySelectorAll("a")]).filter(shown).map((a) => `${a.getAttribute("href")} ${a.textContent.trim()}`).join(" | ");
    if (navs.length !== 1 || links !== HELP) wrong.push(`help and safety: ${links || "not there"}`);
    if (navs[0] && !(all("main")[0].compareDocumentPosition(navs[0]) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push("help and safety do not stand after main");
    const leave = all("a[data-leave]").filter(shown);
    const area = leave[0]?.getBoundingClientRect();
    // The page for those who are not safe has it twice: the first one is in the head of every page.
    if (leave.length < 1 || leave[0].textContent.trim() !== "Leave now") wrong.push(`“Leave now” is there ${leave.length} times`);
    else if (leave[0].origin === location.origin || leave[0].rel !== "noreferrer") wrong.push(`“Leave now” leads to ${short(leave[0])}`);
    else if (scrollY === 0 && (area.top < 0 || area.bottom > innerHeight || area.left < 0 || area.right > document.documentElement.clientWidth)) wrong.push("“Leave now” cannot be seen when the page opens");
    return wrong;
  };

  const luminance = (colour) => {
    const [r, g, b] = (colour.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map((v) => Number(v) / (/^color/.test(colour) ? 1 : 255));
    const part = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };

  /** On paper: words that can be read, nothing to press, no ways to elsewhere. */
  const printed = () => {
    const wrong = [];
    for (const e of all("nav, footer, button, input:not([type=hidden]), select, textarea, form, .leave, [role=search], .demo-banner")) {
      if (shown(e) && e.getBoundingClientRect().height > 0) wrong.push(`is printed: ${short(e)}`);
    }
    if (!all("h1").some(shown)) wrong.push("the heading is not printed");
    for (const e of all("details")) {
      const inside = [...e.children].find((c) => c.tagName !== "SUMMARY");
      if (inside && !e.closest(".top") && shown(e) && getComputedStyle(inside).display !== "none" && !inside.checkVisibility({ contentVisibilityAuto: true })) wrong.push(`is closed on paper: ${short(e)}`);
    }
    // A browser prints no grounds unless it is told to: light words need one.
    const pale = (s) => luminance(s.color) > 0.3 && s.printColorAdjust !== "exact";
    for (const { parent, words } of texts()) if (pale(getComputedStyle(parent))) wrong.push(`pale on paper: “${words}” ${short(parent).slice(0, 60)}`);
    for (const e of all("body *")) {
      for (const part of ["::before", "::after"]) {
        const s = getComputedStyle(e, part);
        if (/["\w(]/.test(s.content) && !/^(none|normal|""( \/ "")?)$/.test(s.content) && shown(e) && s.display !== "none" && pale(s)) wrong.push(`pale on paper: ${part} of ${short(e).slice(0, 60)}`);
      }
    }
    return [...new Set(wrong)].slice(0, 8);
  };

  /** What the page says and offers, to be compared with itself without scripts. */
  const content = () => {
    const trim = (text) => text.replace(/\s+/g, " ").trim();
    // What those who write at the same time see of each other comes with scripts.
    const live = all("#live:not([hidden])");
    for (const e of live) e.hidden = true;
    const found = {
      title: document.title,
      headings: all("h1, h2, h3").filter(shown).map((e) => `${e.tagName} ${trim(e.textContent)}`),
      links: all("a[href]").map((e) => `${e.getAttribute("href")} ${trim(e.textContent)}`),
      forms: all("form").map((f) => `${f.method} ${f.getAttribute("action")} ${[...f.elements].filter((e) => e.name && e.name !== "form_id").map((e) => `${e.type}:${e.name}`).join(" ")}`),
      // The button that shows a password comes with scripts; and a minute may pass between one look and the other.
      words: trim((all("main")[0]?.innerText ?? "").replace(/^Show$/gm, "").replace(/\d+:\d\d[ap]m/g, "then")),
    };
    for (const e of live) e.hidden = false;
    return found;
  };

  /** Opens what is folded away, the menu of narrow screens left out: at most `most` of them. */
  const unfold = (most) => {
    for (const e of all("main details").slice(0, most)) e.open = true;
  };

  /** A stylesheet of the reader's own, as browsers and helpers let people have; an empty text takes it away. */
  const own = (css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = css ? [sheet] : [];
  };

  return { fits, legible, targets, focused, rings, moves, edges, standing, printed, content, unfold, own };
})();
