/* The search of the site where it lies as files. It fetches small pieces of an index that was made when the files were
   written (publisher/export/offline.py), joins the words that are looked for, and shows what fits, best first.
   Texts of the interface stand in the page. */
"use strict";

(() => {
  const page = document.getElementById("suche");
  const results = document.getElementById("treffer");
  const state = document.getElementById("stand");
  if (!page || !results || !state) return;
  const data = page.dataset.daten;
  const top = page.dataset.oben;
  const language = document.documentElement.lang;
  const FEW = 5, PAGE = 25, MOST_WORDS = 12, SHORTEST = 4, LOOKED_AT = 24;
  const ENDINGS = ["innen", "ungen", "keit", "heit", "ern", "en", "er", "es", "em", "in", "e", "n", "s"];
  const fetched = new Map();

  const read = (name) => {
    if (!fetched.has(name)) {
      const asked = fetch(data + name).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      });
      fetched.set(name, asked);
    }
    return fetched.get(name);
  };
  const fold = (text) => text.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss");
  const words = (text) => (text.match(/[\p{L}\p{N}_]+/gu) || []).map(fold);
  const plain = (word) => word.replace(/(^|[^aeq])([aou])e/g, "$1$2");
  const places = (steps) => { let at = 0; return steps.map((step) => (at += step)); };
  const names = [...document.querySelectorAll("#arten > li")].map((item) => [item.dataset.art, item.textContent.trim()]);
  const clone = (id) => document.getElementById(id).content.cloneNode(true);
  const number = (value) => value.toLocaleString(language);

  const bucket = (key, count) => {
    let value = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(key)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
    return value % count;
  };
  const entry = async (head, key) => (await read(`w/${bucket(key, head.buckets)}.json`))[key];

  /* The word without its endings, the shortest last: as itself, one taken off, two taken off („Bürger-inn-en“). */
  const cut = (word) => ENDINGS.filter((end) => word.endsWith(end) && word.length - end.length >= SHORTEST - 1)
    .map((end) => word.slice(0, -end.length));
  const stems = (word) => {
    const once = cut(word);
    return [...new Set([word, ...once, ...once.flatMap(cut)])].sort((one, other) => other.length - one.length);
  };

  const bare = (word) => cut(word).pop() || word;

  /* The sets of places with a word that fits: as typed, at the beginning of longer words, anywhere else. */
  const holding = async (head, word) => {
    let found = await entry(head, word);
    for (const stem of found ? [] : stems(word)) {
      const other = await entry(head, "~" + plain(stem));
      found = other && (await entry(head, other));
      if (found) break;
    }
    if (!found) return looked(head, word);
    const levels = [];
    for (let level = 0; level < 3; level++) {
      levels.push(new Set([...(levels[level - 1] || []), ...places(found[level] || [])]));
    }
    return levels;
  };

  /* A word that no text has: longer ones that hold it. */
  const looked = async (head, word) => {
    const shortest = bare(word);
    const levels = [new Set(), new Set(), new Set()];
    if (shortest.length < SHORTEST) return levels;
    const known = await read("woerter.json");
    const like = known.filter(([other]) => other.includes(shortest)).slice(0, LOOKED_AT);
    for (const [other] of like) {
      const from = other.startsWith(shortest) ? 1 : 2;
      const found = await entry(head, other);
      for (const place of places((found && found[0]) || [])) {
        for (let level = from; level < 3; level++) levels[level].add(place);
      }
    }
    return levels;
  };

  /* How many letters were left out, added, changed or swapped. */
  const distance = (one, other) => {
    let before = [], line = Array.from({ length: other.length + 1 }, (_, i) => i);
    for (let i = 1; i <= one.length; i++) {
      const earlier = before;
      before = line;
      line = [i];
      for (let j = 1; j <= other.length; j++) {
        let best = Math.min(before[j] + 1, line[j - 1] + 1, before[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) best = Math.min(best, earlier[j - 2] + 1);
        line.push(best);
      }
    }
    return line[other.length];
  };
  const meant = async (word) => {
    if (word.length < SHORTEST) return "";
    const allowed = word.length >= 8 ? 2 : 1;
    let best = "", least = allowed + 1;
    for (const [other, written] of await read("woerter.json")) {
      if (other.length < SHORTEST || Math.abs(other.length - word.length) > allowed) continue;
      const far = distance(word, other);
      if (far < least) [best, least] = [written, far];
    }
    return best;
  };

  const asked = () => {
    const given = new URLSearchParams(location.search);
    const text = (given.get("q") || given.get("kreis") || "").slice(0, 200);
    return {
      text,
      county: given.get("q") === null ? "" : (given.get("kreis") || "").trim(),
      field: given.get("feld") || "",
      kind: given.get("art") || "",
      page: Math.max(1, Number.parseInt(given.get("seite") || "1", 10) || 1),
    };
  };
  const address = (query, changes) => {
    const now = { q: query.text, kreis: query.county, feld: query.field, art: query.kind, seite: "", ...changes };
    return "?" + new URLSearchParams(Object.entries(now).filter(([, value]) => value !== ""));
  };

  /* Everything that fits, in tiers: called so, then by how many words stand there as typed, then by beginnings. */
  const search = async (head, query) => {
    const all = [...new Set(words(query.text))];
    const telling = all.filter((word) => !head.small.includes(word));
    const wanted = (telling.length ? telling : all).slice(0, MOST_WORDS);
    const held = await Promise.all(wanted.map((word) => holding(head, word)));
    const missing = wanted.filter((_, at) => !held[at][2].size);
    if (!held.length) return { wanted, missing, tiers: [], total: 0 };
    held.sort((one, other) => one[2].size - other[2].size);
    let scope = [...held[0][2]].filter((place) => held.every((levels) => levels[2].has(place)));
    for (const [folder, name] of [["k", query.county], ["f", query.field]]) {
      if (!name) continue;
      const within = new Set(places(await read(`${folder}/${encodeURIComponent(name)}.json`)));
      scope = scope.filter((place) => within.has(place));
    }
    const called = new Set(places((await entry(head, "=" + all.join(" "))) || []));
    const rank = (place) => {
      if (called.has(place)) return 0;
      const exact = held.filter((levels) => levels[0].has(place)).length;
      const start = held.every((levels) => levels[1].has(place)) ? 0 : 1;
      return 1 + 2 * (held.length - exact) + start;
    };
    const tiers = scope.map((place) => [rank(place), place]).sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    return { wanted, missing, tiers, total: tiers.length };
  };

  const grouped = (head, tiers) => {
    const groups = head.kinds.map((kind, at) => ({
      kind, at, hits: tiers.filter(([, place]) => place >= kind.start && place < kind.end),
    })).filter((group) => group.hits.length);
    return groups.sort((one, other) => one.kind.aside - other.kind.aside || one.hits[0][0] - other.hits[0][0] || one.at - other.at);
  };

  /* ``text`` with the words that are looked for marked. */
  const marked = (node, text, wanted) => {
    const starts = wanted.map((word) => plain(bare(word))).filter((start) => start.length >= 3);
    for (const piece of text.split(/([\p{L}\p{N}_]+)/u)) {
      const hit = starts.some((start) => plain(fold(piece)).includes(start));
      if (hit) node.append(Object.assign(document.createElement("mark"), { textContent: piece }));
      else node.append(piece);
    }
  };
  const clip = (text, most) => (text.length <= most ? text : text.slice(0, most).replace(/\s+\S*$/, "") + " …");

  const hit = async (head, place, wanted) => {
    const [file, german, english, county, old, texts, languages] = (await read(`e/${Math.floor(place / head.piece)}.json`))[place % head.piece];
    const item = clone("ein-treffer");
    const name = language === "en" ? english : german;
    const link = item.querySelector("a");
    const starts = wanted.map((word) => plain(bare(word)));
    const holds = (text) => starts.filter((start) => plain(fold(text)).includes(start)).length;
    const best = texts.map((text, at) => [holds(text), at]).sort((one, other) => other[0] - one[0] || one[1] - other[1])[0][1];
    const tongue = languages[texts.indexOf(name)] || "de";
    if (tongue !== language) link.lang = tongue;
    marked(link, clip(name, 160), wanted);
    if (file) link.href = top + (language === "en" ? "en/" : "") + file.split("/").map(encodeURIComponent).join("/");
    const passage = item.querySelector(".passage");
    if (texts[best] === name) passage.remove();
    else {
      passage.lang = languages[best] || "de";
      marked(passage, clip(texts[best], 320), wanted);
    }
    const where = item.querySelector(".meta");
    if (county) where.querySelector(".county").textContent = county;
    if (!old) where.querySelector(".old").remove();
    if (!county && !old) where.remove();
    return item;
  };

  const show = async (head, query, found) => {
    for (const group of grouped(head, found.tiers)) {
      const [key, label] = names[group.at];
      if (query.kind && query.kind !== key) continue;
      const section = clone("eine-art");
      section.querySelector(".name").textContent = label;
      section.querySelector(".number").textContent = number(group.hits.length);
      const first = query.kind ? (query.page - 1) * PAGE : 0;
      const list = section.querySelector("ol");
      list.start = first + 1;
      for (const [, place] of group.hits.slice(first, first + (query.kind ? PAGE : FEW))) list.append(await hit(head, place, found.wanted));
      const more = section.querySelector(".more");
      const pages = Math.ceil(group.hits.length / PAGE);
      if (!query.kind && group.hits.length > FEW) {
        more.querySelector(".all a").href = address(query, { art: key });
        more.querySelector(".all .kind").textContent = label;
      } else more.querySelector(".all").remove();
      for (const [name, to] of [["back", query.page - 1], ["on", query.page + 1]]) {
        const link = more.querySelector(`.${name}`);
        if (query.kind && to >= 1 && to <= pages) link.querySelector("a").href = address(query, { seite: String(to) });
        else link.remove();
      }
      if (!more.children.length) more.remove();
      results.append(section);
    }
  };

  const say = (id, facts = {}) => {
    const line = clone(id);
    for (const [name, value] of Object.entries(facts)) line.querySelectorAll(`.${name}`).forEach((node) => { node.textContent = value; });
    state.append(line);
    return state.lastElementChild;
  };

  const run = async () => {
    const query = asked();
    for (const [id, value] of [["q", query.text], ["kreis", query.county], ["feld", query.field]]) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
    const other = document.querySelector(".tools a[hreflang]");
    if (other && query.text) other.search = location.search;
    if (!words(query.text).length) return;
    const head = await read("anfang.json");
    const found = await search(head, query);
    state.replaceChildren();
    results.replaceChildren();
    say("gefunden", { number: number(found.total), query: query.text });
    if (/["„“”»«]/.test(query.text)) say("wortfolge");
    if (query.kind) say("alle-arten").querySelector("a").href = address(query, { art: "" });
    if (!found.total) {
      const instead = (await Promise.all(found.missing.map(async (word) => [word, await meant(word)]))).filter(([, better]) => better);
      if (instead.length) {
        const text = query.text.replace(/[\p{L}\p{N}_]+/gu, (word) => (instead.find(([one]) => one === fold(word)) || [0, word])[1]);
        const line = say("gemeint", { query: text });
        line.querySelector("a").href = address(query, { q: text, art: "" });
      }
      say("nichts");
    }
    await show(head, query, found);
    page.dataset.fertig = String(found.total);
  };

  run().catch(() => {
    state.replaceChildren();
    say("fehler");
    page.dataset.fertig = "fehler";
  });
})();
