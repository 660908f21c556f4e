// Where people write: bold, italic, lists, links and quotes by keys or buttons, "@" mentions, pasted text cleaned; and how it is shown.
// It stands on the browser's own editing, which every browser has and which keeps its undo; the server cleans what it gets anyway.
import { onward, shared, t, tn } from "logbook";

let serial = 0;
const ALLOWED = new Set(["P", "BR", "STRONG", "B", "EM", "I", "U", "S", "UL", "OL", "LI", "BLOCKQUOTE", "CODE", "PRE", "A"]);
const BLOCKS = new Set(["DIV", "H1", "H2", "H3", "H4", "H5", "H6", "SECTION", "ARTICLE", "TR"]);
const GONE = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "SVG", "MATH", "HEAD", "TITLE", "META", "LINK"]);
const BLOCKWISE = new Set(["insertUnorderedList", "insertOrderedList", "formatBlock"]);
const LINK = /^(https?:\/\/|mailto:|tel:|\/(?![/\\]))/i;
const TOOLS = [
  { name: "bold", icon: "format_bold", label: t("Bold"), key: "Ctrl B" },
  { name: "italic", icon: "format_italic", label: t("Italic"), key: "Ctrl I" },
  { name: "insertUnorderedList", icon: "format_list_bulleted", label: t("List"), key: "Ctrl Shift 8" },
  { name: "insertOrderedList", icon: "format_list_numbered", label: t("Numbered list"), key: "Ctrl Shift 7" },
  { name: "quote", icon: "format_quote", label: t("Quote") },
  { name: "link", icon: "link", label: t("Link"), key: "Ctrl K" },
];

// What others made, down to what we allow. A parsed document is inert: nothing in it is fetched or run.
function copied(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) { to.append(node.textContent.replace(/\s+/g, " ")); continue; }
    if (node.nodeType !== Node.ELEMENT_NODE || GONE.has(node.tagName.toUpperCase())) continue;
    const tag = node.tagName.toUpperCase(), bold = /^(bold|[6-9]00)$/.test(node.style?.fontWeight || ""), leads = tag === "A" && LINK.test(node.getAttribute("href") || "");
    const made = ALLOWED.has(tag) && (tag !== "A" || leads) ? document.createElement(tag) : BLOCKS.has(tag) ? document.createElement("p") : bold && tag === "SPAN" ? document.createElement("strong") : null;
    if (leads) made.setAttribute("href", node.getAttribute("href"));
    if (made) to.append(made);
    copied(node, made || to);
  }
  return to;
}

export function tidied(html) {
  return copied(new DOMParser().parseFromString(html, "text/html").body, document.createElement("div")).innerHTML;
}

export const LbWriter = {
  components: shared,
  props: { modelValue: String, label: String, help: String, mentions: Boolean, autofocus: Boolean, invalid: Boolean, describedby: String, uid: String },
  emits: ["update:modelValue", "find", "send", "leave", "typing"],
  data() { return { id: this.uid || "lb-writer-" + ++serial, tools: TOOLS, on: {}, found: [], at: 0, open: false, asked: 0, place: {}, linking: false, address: "", wrong: false, said: "" }; },
  watch: { modelValue(value) { if (value !== this.given) this.put(value); } },
  mounted() {
    this.put(this.modelValue || "");
    if (this.autofocus) this.$nextTick(() => this.toEnd());
    document.addEventListener("selectionchange", this.look);
  },
  unmounted() { document.removeEventListener("selectionchange", this.look); clearTimeout(this.later); },
  methods: {
    put(html) {
      this.given = html || ""; this.on = {}; this.open = false;
      const area = this.$refs.area;
      area.innerHTML = this.given; // cleaned by the server, or emptied by us
      for (const one of area.querySelectorAll("[data-mention]")) one.contentEditable = "false";
    },
    value() {
      const copy = this.$refs.area.cloneNode(true);
      for (const one of copy.querySelectorAll("[contenteditable]")) one.removeAttribute("contenteditable");
      return copy.textContent.trim() ? copy.innerHTML : "";
    },
    changed() { this.given = this.value(); this.$emit("update:modelValue", this.given); this.$emit("typing"); this.ask(); },
    toEnd() { const area = this.$refs.area; area.focus(); const range = document.createRange(); range.selectNodeContents(area); range.collapse(false); const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(range); },
    focus() { this.$refs.area.focus(); },
    inside() { const chosen = getSelection(); return chosen.rangeCount && this.$refs.area?.contains(chosen.anchorNode) ? chosen : null; },
    look() {
      if (!this.inside()) return;
      const state = (name) => { try { return document.queryCommandState(name); } catch { return false; } };
      this.on = { bold: state("bold"), italic: state("italic"), insertUnorderedList: state("insertUnorderedList"), insertOrderedList: state("insertOrderedList"), quote: !!this.around("BLOCKQUOTE"), link: !!this.around("A") };
    },
    around(tag) { let node = getSelection().anchorNode; while (node && node !== this.$refs.area) { if (node.tagName === tag) return node; node = node.parentNode; } return null; },
    run(name, value) {
      const area = this.$refs.area, chosen = getSelection();
      area.focus();
      if (!area.textContent && !area.children.length) document.execCommand("insertHTML", false, "<p><br></p>");
      document.execCommand("defaultParagraphSeparator", false, "p");
      document.execCommand("styleWithCSS", false, false);
      const place = BLOCKWISE.has(name) && chosen.isCollapsed ? this.caret() : null;
      document.execCommand(name, false, value);
      if (BLOCKWISE.has(name)) {
        // Chromium makes the text anew: a list inside of its paragraph, and the caret at its beginning.
        for (const list of area.querySelectorAll("p > ul, p > ol")) if (list.parentNode.tagName === "P") list.parentNode.replaceWith(...list.parentNode.childNodes);
        if (place !== null) this.putCaret(place);
      }
      this.changed(); this.look();
    },
    // The caret as the number of characters before it, which stays true while the nodes are made anew.
    caret() { const range = document.createRange(), at = getSelection().getRangeAt(0); range.setStart(this.$refs.area, 0); range.setEnd(at.endContainer, at.endOffset); return range.toString().length; },
    putCaret(place) {
      const walk = document.createTreeWalker(this.$refs.area, NodeFilter.SHOW_TEXT), range = document.createRange();
      let node, left = place;
      while ((node = walk.nextNode()) && left > node.length) left -= node.length;
      if (!node) return;
      const chip = node.parentElement.closest("[data-mention]");
      chip ? range.setStartAfter(chip) : range.setStart(node, left);
      range.collapse(true);
      getSelection().removeAllRanges(); getSelection().addRange(range);
    },
    use(tool) {
      if (tool.name === "quote") return this.run("formatBlock", this.around("BLOCKQUOTE") ? "p" : "blockquote");
      if (tool.name !== "link") return this.run(tool.name);
      if (this.around("A")) { getSelection().selectAllChildren(this.around("A")); return this.run("unlink"); }
      const chosen = this.inside();
      this.kept = chosen ? chosen.getRangeAt(0).cloneRange() : null;
      this.linking = true; this.wrong = false; this.address = "";
      this.$nextTick(() => this.$refs.address.focus());
    },
    back() { this.linking = false; this.$refs.area.focus(); if (this.kept) { const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(this.kept); } },
    link() {
      let address = this.address.trim();
      if (/^[^\s@/:]+@[^\s@/:]+$/.test(address)) address = "mailto:" + address;
      else if (/^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(address)) address = "https://" + address;
      if (!LINK.test(address) || /\s/.test(address)) { this.wrong = true; return; }
      const empty = !this.kept || this.kept.collapsed;
      this.back();
      if (!empty) return this.run("createLink", address);
      const made = document.createElement("a");
      made.href = address; made.textContent = address.replace(/^mailto:/, "");
      this.run("insertHTML", made.outerHTML);
    },
    pasted(event) {
      event.preventDefault();
      const html = event.clipboardData.getData("text/html"), text = event.clipboardData.getData("text/plain");
      if (html && html.length < 400000) this.run("insertHTML", tidied(html));
      else if (text) this.run("insertText", text.slice(0, 40000));
    },
    // "@" and what follows it up to the caret, if the caret stands behind such.
    asking() {
      const chosen = this.inside();
      if (!this.mentions || !chosen || !chosen.isCollapsed || chosen.anchorNode.nodeType !== Node.TEXT_NODE) return null;
      const before = chosen.anchorNode.textContent.slice(0, chosen.anchorOffset), match = /(?:^|[\s(\u00a0])@([\p{L}\p{N}'.-]*(?: [\p{L}\p{N}'.-]*)?)$/u.exec(before);
      return match && match[1].length <= 40 ? { node: chosen.anchorNode, from: before.length - match[1].length - 1, to: before.length, text: match[1] } : null;
    },
    ask() {
      const asking = this.asking();
      clearTimeout(this.later);
      if (!asking) { this.open = false; return; }
      this.later = setTimeout(() => this.$emit("find", { text: asking.text, number: ++this.asked }), 140);
    },
    offer(number, found) {
      if (number !== this.asked || !this.asking()) return;
      this.found = found; this.at = 0; this.open = found.length > 0;
      this.said = found.length ? tn("{count} found. Up and down choose, Enter mentions.", "{count} found. Up and down choose, Enter mentions.", found.length) : t("Nobody found who may see this.");
      const range = getSelection().getRangeAt(0).getBoundingClientRect(), box = this.$el.getBoundingClientRect();
      this.place = { left: Math.max(0, Math.min((range.left || box.left + 12) - box.left, box.width - 260)) + "px", top: (range.bottom || box.top + 70) - box.top + 6 + "px" };
    },
    mention(one) {
      const asking = this.asking();
      this.open = false; this.said = "";
      if (!asking) return;
      const range = document.createRange(), chosen = getSelection();
      range.setStart(asking.node, asking.from); range.setEnd(asking.node, asking.to);
      chosen.removeAllRanges(); chosen.addRange(range);
      const made = document.createElement("span");
      made.dataset.mention = one.token; made.contentEditable = "false"; made.textContent = "@" + one.name;
      this.run("insertHTML", made.outerHTML + "\u00a0");
    },
    // The space behind a mention is there already.
    spaced(event) {
      const chosen = event.data === " " && this.inside(), node = chosen?.anchorNode;
      if (chosen?.isCollapsed && node.nodeType === Node.TEXT_NODE && chosen.anchorOffset === 1 && /^\s/.test(node.textContent) && node.previousSibling?.dataset?.mention) event.preventDefault();
    },
    key(event) {
      const ctrl = event.ctrlKey || event.metaKey;
      if (this.open && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key)) {
        if (event.key === "Escape") event.stopPropagation();
        event.preventDefault();
        if (event.key === "Escape") this.open = false;
        else if (event.key === "ArrowDown") this.at = (this.at + 1) % this.found.length;
        else if (event.key === "ArrowUp") this.at = (this.at - 1 + this.found.length) % this.found.length;
        else this.mention(this.found[this.at]);
      } else if (ctrl && event.key === "Enter") { event.preventDefault(); this.$emit("send"); }
      else if (ctrl && !event.shiftKey && event.key.toLowerCase() === "k") { event.preventDefault(); event.stopPropagation(); this.use(TOOLS[5]); }
      else if (ctrl && event.shiftKey && event.code === "Digit8") { event.preventDefault(); this.run("insertUnorderedList"); }
      else if (ctrl && event.shiftKey && event.code === "Digit7") { event.preventDefault(); this.run("insertOrderedList"); }
      else if (event.key === "Escape") this.$emit("leave");
    },
    bar(event) {
      const step = onward(event.key);
      if (!step) return;
      event.preventDefault();
      const all = [...event.currentTarget.querySelectorAll("button")];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    },
  },
  template: `
    <div class="lb-writer" @focusout="$el.contains($event.relatedTarget) || (open = false)">
      <div class="lb-writer-bar" role="toolbar" :aria-label="t('Format: {name}', { name: label })" @keydown="bar">
        <button v-for="(tool, index) in tools" :key="tool.name" type="button" class="lb-tool" :tabindex="index ? -1 : 0" :aria-pressed="String(!!on[tool.name])" :aria-label="tool.label" :title="tool.key ? tool.label + ' (' + tool.key + ')' : tool.label" @mousedown.prevent @click="use(tool)"><lb-icon :name="tool.icon"/></button>
      </div>
      <div v-if="linking" class="lb-writer-link" @keydown.esc.stop="back"><label :for="id + '-address'" class="lb-label">{{ t('Address') }}</label><input :id="id + '-address'" ref="address" v-model="address" class="lb-input" type="url" autocomplete="off" placeholder="https://" :aria-invalid="wrong ? 'true' : undefined" @keydown.enter.prevent="link"><button type="button" class="lb-button lb-button-small" @click="link">{{ t('Link') }}</button><button type="button" class="lb-button lb-button-small lb-button-quiet" @click="back">{{ t('Cancel') }}</button><span v-if="wrong" class="lb-error" role="alert">{{ t('This is no web or e-mail address.') }}</span></div>
      <div :id="id" ref="area" class="lb-writer-area lb-rich" contenteditable="true" role="textbox" aria-multiline="true" :aria-label="label" :aria-invalid="invalid ? 'true' : undefined" :aria-describedby="describedby" :aria-controls="open ? id + '-people' : undefined" :aria-activedescendant="open ? id + '-' + at : undefined" spellcheck="true" @beforeinput="spaced" @input="changed" @keydown="key" @keyup.left="ask" @keyup.right="ask" @paste="pasted" @drop.prevent></div>
      <ul v-show="open" :id="id + '-people'" class="lb-pop lb-writer-people" role="listbox" :aria-label="t('Mention')" :style="place"><li v-for="(one, index) in found" :id="id + '-' + index" :key="one.token" class="lb-pop-item" role="option" :aria-selected="String(index === at)" @mousedown.prevent="mention(one)" @mousemove="at = index"><lb-avatar :name="one.name" :photo="one.photo" size="small"/><span>{{ one.name }} <small class="lb-muted">{{ one.detail }}</small></span></li></ul>
      <span class="lb-hidden" role="status">{{ said }}</span>
    </div>`,
};

// Rich text as it is read; the server has cleaned it.
export const LbRich = { props: { html: String }, template: `<div class="lb-rich" v-html="html"></div>` };
