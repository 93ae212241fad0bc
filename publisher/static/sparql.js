// Puts the editor (Yasqe) in the place of the text field of the SPARQL page. Without this script, or when anything here
// fails, the text field stays and does the same. Nothing is stored, and nothing is asked but our own list of words.
"use strict";

(() => {
  const LONGEST_ADDRESS = 7000;
  const MOST_PROPOSALS = 60;
  const MOST_LINES = 500;
  const PLAIN = "editor";

  const field = document.getElementById("query");
  const form = field && field.form;
  if (!form || typeof Yasqe === "undefined") return;

  const label = document.getElementById("query-name");
  const keys = document.getElementById("query-tasten");
  const syntax = document.getElementById("query-syntax");
  const run = form.querySelector("button[type=submit]");
  const words = { prefixes: {}, classes: [], properties: [], graphs: [], functions: [] };

  // What is proposed: our own words only. The editor's own lists of prefixes, classes and properties, which it would
  // ask other sites for, are taken out.
  const said = (list) => list.map(([name, text]) => ({ name, text, find: `${name} ${text}`.toLowerCase() }));

  const proposals = (list, typed) => {
    const wanted = typed.toLowerCase().replace(/^</, "");
    const fits = list.filter((word) => word.find.includes(wanted));
    const starts = (word) => word.find.startsWith(wanted) || word.name.split(":").pop().toLowerCase().startsWith(wanted);
    return [...fits.filter(starts), ...fits.filter((word) => !starts(word))].slice(0, MOST_PROPOSALS);
  };

  const missing = (editor, name) => {
    const prefix = name.includes("<") ? "" : name.split(":")[0];
    const there = editor.getPrefixesFromQuery();
    return prefix && !(prefix in there) && words.prefixes[prefix] ? { [prefix]: words.prefixes[prefix] } : {};
  };

  const hint = (word, token, line) => ({
    text: word.name,
    displayText: word.name,
    from: { line, ch: token.start },
    to: { line, ch: token.end },
    render: (item) => {
      const name = item.appendChild(document.createElement("span"));
      name.textContent = word.name;
      const text = item.appendChild(document.createElement("small"));
      text.textContent = word.text;
    },
    hint: (editor, _data, chosen) => {
      editor.replaceRange(chosen.text, chosen.from, chosen.to, "complete");
      editor.addPrefixes(missing(editor, chosen.text));
    },
  });

  const completer = (name, list, isHere) => ({
    name,
    bulk: false,
    autoShow: false,
    persistenceId: null,
    onInitialize: () => {},
    isValidCompletionPosition: (editor) => isHere(editor.getCompleteToken(), editor),
    get: (_editor, token) => proposals(list(), token.string.trim()).map((word) => word.name),
    postprocessHints: (editor, hints) => {
      const token = editor.getCompleteToken();
      const start = token.type === "ws" || !token.string.trim() ? editor.getCursor().ch : token.start;
      const line = editor.getCursor().line;
      const known = new Map(list().map((word) => [word.name, word]));
      return hints.map((one) => hint(known.get(one.text), { start, end: Math.max(start, token.end) }, line));
    },
  });

  const before = (editor, token) => {
    const { line } = editor.getCursor();
    const found = editor.getPreviousNonWsToken(line, token);
    return found ? found.string : "";
  };
  const isVariable = (token) => /^[?$]/.test(token.string);
  const isGraph = (editor, token) => /^(GRAPH|FROM|NAMED)$/i.test(before(editor, token));
  const isClass = (editor, token) => /^(a|rdf:type|rdfs:domain|rdfs:range|rdfs:subClassOf)$/.test(before(editor, token));

  const lists = { classes: [], properties: [], graphs: [], functions: [] };
  const completers = {
    graph: completer("graph", () => lists.graphs, (token, editor) => !isVariable(token) && isGraph(editor, token)),
    class: completer("class", () => lists.classes, (token, editor) => !isVariable(token) && isClass(editor, token)),
    property: completer(
      "property",
      () => [...lists.properties, ...lists.functions],
      (token, editor) =>
        !isVariable(token) && !isGraph(editor, token) && !isClass(editor, token) && !/^(PREFIX|BASE)$/i.test(before(editor, token)),
    ),
  };

  const settle = () => {
    Object.assign(Yasqe.Autocompleters, completers);
    Yasqe.Autocompleters.prefixes = {
      ...Yasqe.Autocompleters.prefixes,
      persistenceId: null,
      get: () => Object.entries(words.prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort(),
    };
    Object.assign(Yasqe.defaults, {
      autocompleters: ["variables", "prefixes", "class", "graph", "property"],
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: null,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "",
      prefixCcApi: null,
      foldGutter: false,
      gutters: ["gutterErrorBar", "CodeMirror-linenumbers"],
      // The other way, an editable element, lets the browser write styles into the page, which our policy forbids.
      inputStyle: "textarea",
      spellcheck: false,
      // As tall as its text, so that nothing in it has to be scrolled.
      viewportMargin: Infinity,
    });
    // Keys of the browser stay the browser's; Tab and Esc lead out (WCAG 2.1.2).
    Yasqe.defaults.extraKeys = {
      "Ctrl-Space": (editor) => editor.autocomplete(),
      "Ctrl-/": (editor) => editor.commentLines(),
      "Ctrl-Enter": send,
      "Cmd-Enter": send,
      Esc: () => run.focus(),
      Tab: false,
      "Shift-Tab": false,
    };
    // The editor's own check writes English into markup with styles of its own; what is wrong is said below instead.
    Yasqe.prototype.checkSyntax = function () {
      check(this);
    };
  };

  const send = () => form.requestSubmit(run);

  let waiting = 0;
  const check = (editor) => {
    const wrong = firstWrong(editor);
    editor.clearGutter("gutterErrorBar");
    editor.queryValid = wrong < 0;
    if (wrong >= 0) editor.setGutterMarker(wrong, "gutterErrorBar", flag());
    window.clearTimeout(waiting);
    // While somebody types, every query is wrong for a moment.
    waiting = window.setTimeout(() => {
      syntax.textContent = wrong < 0 ? "" : form.dataset.expected.replace("{line}", wrong + 1);
      syntax.hidden = wrong < 0;
    }, 900);
  };

  const firstWrong = (editor) => {
    const state = (line, exact) => editor.getTokenAt({ line, ch: editor.getLine(line).length }, exact).state;
    for (let line = 0; line < editor.lineCount(); line += 1) {
      const found = state(line, line === 0);
      editor.setOption("queryType", found.queryType);
      if (!found.OK) return line;
    }
    return -1;
  };

  const flag = () => {
    const mark = document.createElement("span");
    mark.className = "syntax-flag";
    mark.textContent = "!";
    return mark;
  };

  const markPlace = (editor) => {
    const [line, column] = [Number(form.dataset.line) - 1, Number(form.dataset.column) - 1];
    if (!(line >= 0) || line >= editor.lineCount()) return;
    editor.addLineClass(line, "background", "error-line");
    const end = Math.min(column + 1, editor.getLine(line).length);
    if (end > column) editor.markText({ line, ch: column }, { line, ch: end }, { className: "error-place" });
    editor.setCursor({ line, ch: column }, null, { scroll: false });
  };

  const name = (editor) => {
    const input = editor.getInputField();
    input.setAttribute("role", "textbox");
    input.setAttribute("aria-multiline", "true");
    input.setAttribute("aria-labelledby", "query-name");
    input.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby")} query-tasten query-syntax`);
    if (field.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
    label.addEventListener("click", () => (field.hidden ? editor.focus() : undefined));
  };

  const follow = (editor) => {
    editor.on("change", () => {
      field.value = editor.getValue();
    });
    // Going back, the browser fills the text field again after this script ran.
    window.addEventListener("pageshow", () => {
      if (field.hidden && field.value !== editor.getValue()) editor.setValue(field.value);
    });
    // Without this, a reader would hear of a list without a name.
    editor.on("autocompletionShown", (_editor, widget) => {
      if (widget) widget.hints.setAttribute("aria-label", form.dataset.proposals);
    });
    const folded = form.closest("details");
    if (folded) folded.addEventListener("toggle", () => editor.refresh());
  };

  const toPlain = (editor) => {
    field.value = editor.getValue();
    editor.destroy();
    field.hidden = false;
    field.required = true;
    keys.hidden = syntax.hidden = true;
    syntax.textContent = "";
    // The next page keeps the choice: all state is in its address.
    const choice = form.appendChild(document.createElement("input"));
    Object.assign(choice, { type: "hidden", name: PLAIN, value: "aus" });
    field.focus();
  };

  const begin = (found) => {
    Object.assign(words, found);
    for (const kind of Object.keys(lists)) lists[kind] = said(words[kind]);
    settle();
    const place = field.parentNode.insertBefore(document.createElement("div"), field.nextSibling);
    const editor = new Yasqe(place, { value: field.value });
    name(editor);
    markPlace(editor);
    follow(editor);
    field.hidden = true;
    // A field that nobody sees cannot say that it is required; the endpoint does.
    field.required = false;
    keys.hidden = false;
    document.getElementById("query-schlicht").addEventListener("click", () => toPlain(editor));
    editor.refresh();
    form.dataset.editor = "ready";
  };

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const address = new URLSearchParams(new FormData(form)).toString().length;
    if (address > LONGEST_ADDRESS && !(button && button.hasAttribute("formmethod"))) form.method = "post";
  });

  if (new URLSearchParams(window.location.search).get(PLAIN) === "aus") return;
  // Where fingers write, the field of the device writes better than any editor; the same for very long texts.
  if (window.matchMedia("(pointer: coarse)").matches || field.value.split("\n").length > MOST_LINES) return;
  fetch(form.dataset.terms)
    .then((answer) => (answer.ok ? answer.json() : {}))
    .catch(() => ({}))
    .then(begin);
})();
