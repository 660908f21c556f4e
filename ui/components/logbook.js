// What the components share in the browser: icons, avatars, chips, dates, menus and the cell formats of tables and facts.
import { sheets } from "layers";
import symbols from "symbols";

export const settings = { locale: "en-GB", zone: undefined };

// What the page says, in the reader's language: t("Saved as “{name}”.", { name }), tn("{count} row", "{count} rows", count),
// ts("a state", "Open") for a word that means several things. Templates call them without an import.
const catalogue = window.logbookLanguage ?? { form: (count) => Number(count !== 1), texts: {} };
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? written(values[name]) : whole));
const written = (value) => (typeof value === "number" ? number(value) : value);
export const form = (count) => catalogue.form(count);
const known = (text) => { const said = catalogue.texts[text]; return Array.isArray(said) ? said[0] : said; };
export const t = (text, values) => filled(known(text) ?? text, values);
export const ts = (meaning, text, values) => filled(known(meaning + "\u0004" + text) ?? text, values);
export const tn = (one, more, count, values) => filled((Array.isArray(catalogue.texts[one]) ? catalogue.texts[one] : [one, more])[Array.isArray(catalogue.texts[one]) ? catalogue.form(count) : Number(count !== 1)], { count: number(count), ...values });
window.logbookTexts = { t, tn, ts };

export function configure(locale, zone) {
  settings.locale = locale && locale !== "en" ? locale : "en-GB";
  settings.zone = zone || undefined;
}

// Where reading goes from right to left, what points onward points left: the document says so.
export const mirrored = () => document.documentElement.dir === "rtl";
// Which way an arrow key goes: 1 onward, -1 back, 0 for any other key.
export const onward = (key) => ({ ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0) * (mirrored() ? -1 : 1);
const POINTING = /^(arrow_(back|forward)|chevron_(left|right)|first_page|last_page|keyboard_return|log(in|out)|exit_to_app|navigate_next|redo|reply|send|subdirectory_arrow_right|undo|format_list_\w+)$/;

// Icons of the small font by their code point; any other by its name, from NiceGUI's whole font.
export const LbIcon = {
  props: { name: String },
  computed: {
    plain() { return (this.name || "").replace(/^sym_o_/, ""); },
    point() { return symbols[this.plain]; },
    points() { return POINTING.test(this.plain); },
  },
  template: `<span :class="['lb-icon', !point && 'lb-icon-whole', points && 'lb-icon-points']" aria-hidden="true">{{ point ? String.fromCodePoint(point) : plain }}</span>`,
};

const TINTS = ["violet", "red", "blue", "amber", "green", "brand", "grey"];

export function initials(name) {
  const words = (name || "?").replace(/[^\p{L}\p{N}\s'-]/gu, " ").trim().split(/\s+/).filter(Boolean);
  if (!words.length) return "?";
  const first = [...words[0]][0], last = words.length > 1 ? [...words[words.length - 1]][0] : "";
  return (first + last).toLocaleUpperCase();
}

export function tint(text) {
  let sum = 7;
  for (const letter of text || "") sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return TINTS[sum % TINTS.length];
}

export const LbAvatar = {
  props: { name: String, photo: String, size: String },
  computed: {
    kind() { return ["lb-avatar", this.size && "lb-avatar-" + this.size, !this.photo && "lb-tone-" + tint(this.name)]; },
    letters() { return initials(this.name); },
  },
  template: `<img v-if="photo" :class="kind" :src="photo" alt="" loading="lazy"><span v-else :class="kind" aria-hidden="true">{{ letters }}</span>`,
};

export const LbChip = {
  props: { label: String, tone: String },
  template: `<span :class="['lb-chip', 'lb-tone-' + (tone || 'grey')]">{{ label }}</span>`,
};

export const LbTint = {
  components: { LbIcon },
  props: { icon: String, tone: String },
  template: `<span :class="['lb-tint', 'lb-tone-' + (tone || 'grey')]"><lb-icon :name="icon"/></span>`,
};

const formats = new Map();
function formatter(key, make) {
  const full = key + settings.locale + settings.zone;
  if (!formats.has(full)) formats.set(full, make());
  return formats.get(full);
}

export function day(value) {
  if (!value) return "";
  const [y, m, d] = value.slice(0, 10).split("-").map(Number);
  return formatter("day", () => new Intl.DateTimeFormat(settings.locale, { dateStyle: "medium", timeZone: "UTC" }))
    .format(Date.UTC(y, m - 1, d));
}

export function when(value) {
  if (!value || value.length <= 10) return day(value);
  return formatter("when", () => new Intl.DateTimeFormat(settings.locale, { dateStyle: "medium", timeStyle: "short", timeZone: settings.zone })).format(new Date(value));
}

// As `when`, where room is short: this year goes without saying.
export function brief(value) {
  if (!value?.startsWith(new Date().getFullYear() + "-")) return when(value);
  const timed = value.length > 10, time = { hour: "numeric", minute: "2-digit", timeZone: settings.zone };
  return formatter("brief" + timed, () => new Intl.DateTimeFormat(settings.locale, { day: "numeric", month: "short", ...(timed ? time : { timeZone: "UTC" }) })).format(new Date(value));
}

export function exact(value) {
  if (!value) return "";
  const at = new Date(value), zone = formatter("zone", () => new Intl.DateTimeFormat(settings.locale, { timeZone: settings.zone, timeZoneName: "short" }));
  return when(value) + " " + zone.formatToParts(at).find((one) => one.type === "timeZoneName").value;
}

export function relative(value) {
  if (!value) return "";
  const seconds = (Date.now() - new Date(value)) / 1000, ahead = seconds < 0, size = Math.abs(seconds);
  if (size < 45) return t("just now");
  const say = (count, unit) => formatter("relative", () => new Intl.RelativeTimeFormat(settings.locale, { numeric: "auto", style: "short" })).format(ahead ? count : -count, unit);
  if (size < 2700) return say(Math.max(1, Math.round(size / 60)), "minute");
  if (size < 79200) return say(Math.max(1, Math.round(size / 3600)), "hour");
  if (size < 7 * 86400) return say(Math.max(1, Math.round(size / 86400)), "day");
  return formatter("date", () => new Intl.DateTimeFormat(settings.locale, { dateStyle: "medium", timeZone: settings.zone })).format(new Date(value));
}

export const LbTime = {
  props: { value: String, full: Boolean },
  computed: { exact() { return exact(this.value); }, text() { return this.full ? this.exact : relative(this.value); } },
  template: `<time v-if="value" :datetime="value" :title="exact" :tabindex="full ? undefined : 0">{{ text }}</time>`,
};

export function money(value) {
  if (value === null || value === undefined) return "";
  const { cents, currency } = value;
  return new Intl.NumberFormat(settings.locale, { style: "currency", currency: currency || "USD" }).format(cents / 100);
}

export function number(value) {
  return value === null || value === undefined ? "" : formatter("number", () => new Intl.NumberFormat(settings.locale)).format(value);
}

// One value in a table cell, a card or a list of facts, drawn by the kind of its column.
export const LbCell = {
  components: { LbAvatar, LbChip, LbTime, LbIcon },
  props: { kind: String, value: null, href: String, list: Boolean },
  methods: { day, money, number },
  computed: {
    safe() {
      const link = this.href || this.value?.href;
      return link && /^(\/(?!\/)|https?:|mailto:|tel:)/i.test(link) ? link : undefined;
    },
    missing() { return this.value === null || this.value === undefined || this.value === "" || (Array.isArray(this.value) && !this.value.length); },
  },
  template: `
    <span v-if="missing" class="lb-muted"><span aria-hidden="true">–</span><span class="lb-hidden">{{ t('none') }}</span></span>
    <span v-else-if="kind === 'person'" class="lb-person">
      <lb-avatar :name="value.name" :photo="value.photo"/>
      <span><a v-if="safe" :href="safe">{{ value.name }}</a><template v-else>{{ value.name }}</template><small v-if="value.detail">{{ value.detail }}</small></span>
    </span>
    <span v-else-if="kind === 'link'"><a v-if="safe" class="lb-cell-link" :href="safe">{{ value.text ?? value }}</a><span v-else class="lb-cell-link">{{ value.text ?? value }}</span><small v-if="value.detail" class="lb-muted"> {{ value.detail }}</small><small v-if="value.below" class="lb-muted lb-below">{{ value.below }}</small></span>
    <lb-chip v-else-if="kind === 'chip'" :label="value.label" :tone="value.tone"/>
    <span v-else-if="kind === 'chips'"><lb-chip v-for="one in value" :key="one.label" :label="one.label" :tone="one.tone" style="margin-inline-end: 4px"/></span>
    <span v-else-if="kind === 'tags'"><span v-for="one in value" :key="one" class="lb-tag">{{ one }}</span></span>
    <time v-else-if="kind === 'date'" :datetime="value">{{ day(value) }}</time>
    <lb-time v-else-if="kind === 'when'" :value="value"/>
    <lb-time v-else-if="kind === 'datetime'" :value="value" full/>
    <span v-else-if="kind === 'money'" class="lb-numbers">{{ money(value) }}</span>
    <span v-else-if="kind === 'number'" class="lb-numbers">{{ number(value) }}</span>
    <span v-else-if="kind === 'flag'"><lb-icon :name="value ? 'check' : 'remove'"/><span class="lb-hidden">{{ value ? t('Yes') : t('No') }}</span></span>
    <span v-else-if="kind === 'prose'" class="lb-prose">{{ value }}</span>
    <a v-else-if="kind === 'email'" :href="'mailto:' + value">{{ value }}</a>
    <a v-else-if="kind === 'phone'" :href="'tel:' + String(value.number ?? value).replace(/[^+0-9]/g, '')">{{ value.text ?? value }}</a>
    <a v-else-if="safe" :href="safe">{{ value.text ?? value }}</a>
    <template v-else>{{ value.text ?? value }}</template>
  `,
};

// A button with a menu below it: arrow keys, Escape, click outside, focus back on the button.
export const LbMenu = {
  components: { LbIcon },
  mixins: [sheets],
  props: { items: Array, label: String, icon: String, text: String, buttonClass: { default: "lb-tool" } },
  emits: ["choose"],
  data: () => ({ open: false, place: null }),
  methods: {
    toggle() { this.open ? this.close() : this.show(); },
    put() {
      const box = this.$refs.button.getBoundingClientRect();
      const height = Math.min(this.items.length * 38 + 20, 420), up = box.bottom + height > innerHeight && box.top > height;
      const side = (mirrored() ? box.left < innerWidth - 260 : box.right < 260) ? { left: Math.max(8, box.left) + "px" } : { right: Math.max(8, innerWidth - box.right) + "px" };
      this.place = { position: "fixed", ...side, ...(up ? { bottom: innerHeight - box.top + 4 + "px" } : { top: box.bottom + 4 + "px" }) };
    },
    show() {
      this.put();
      this.open = true;
      this.$nextTick(() => this.$refs.list?.querySelector("[role=menuitem]")?.focus({ preventScroll: true }));
      document.addEventListener("pointerdown", this.outside, true);
      addEventListener("scroll", this.scrolled, { capture: true, passive: true });
    },
    scrolled() {
      const box = this.$refs.button.getBoundingClientRect();
      box.bottom < 0 || box.top > innerHeight ? this.close(false) : this.put();
    },
    outside(event) { if (!this.$el.contains(event.target)) this.close(false); },
    close(focus = true) {
      if (!this.open) return;
      this.open = false;
      this.unlisten();
      if (focus === true) this.$refs.button?.focus();
    },
    unlisten() {
      document.removeEventListener("pointerdown", this.outside, true);
      removeEventListener("scroll", this.scrolled, true);
    },
    move(event, step) {
      const all = [...this.$refs.list.querySelectorAll("[role=menuitem]")];
      const index = step === "first" ? 0 : step === "last" ? all.length - 1 : (all.indexOf(document.activeElement) + step + all.length) % all.length;
      all[index]?.focus();
    },
    choose(item) { this.close(); this.$emit("choose", item); },
  },
  unmounted() { this.unlisten(); },
  template: `
    <span class="lb-anchor" @keydown.esc.stop="close()">
      <button ref="button" type="button" :class="buttonClass" aria-haspopup="menu" :aria-expanded="open" :aria-label="text ? undefined : label" :title="text ? undefined : label" @click.stop="toggle" @keydown.down.prevent="show">
        <lb-icon :name="icon || 'more_horiz'"/><span v-if="text">{{ text }}</span>
      </button>
      <div v-if="open" ref="list" class="lb-pop" :style="place" role="menu" :aria-label="label"
        @keydown.down.prevent="move($event, 1)" @keydown.up.prevent="move($event, -1)" @keydown.home.prevent="move($event, 'first')" @keydown.end.prevent="move($event, 'last')" @keydown.tab="close(false)">
        <template v-for="item in items" :key="item.name ?? item.label">
          <hr v-if="item.separator">
          <a v-else-if="item.href" class="lb-pop-item" role="menuitem" tabindex="-1" :href="item.href" :data-reload="item.download || undefined" @click="close(false)"><lb-icon v-if="item.icon" :name="item.icon"/>{{ item.label }}</a>
          <button v-else type="button" :class="['lb-pop-item', item.danger && 'lb-pop-danger']" role="menuitem" tabindex="-1" @click.stop="choose(item)"><lb-icon v-if="item.icon" :name="item.icon"/>{{ item.label }}</button>
        </template>
      </div>
    </span>`,
};

// The buttons of a page head, a card or an empty state: links, or names sent to the server; the rest in one menu.
// With `fold`, a phone on which they would take several rows shows the first of them, and has the others in the menu; with
// `fold="always"` every phone does.
export const LbActions = {
  components: { LbIcon, LbMenu },
  props: { actions: Array, busy: String, fold: String },
  emits: ["choose"],
  data: () => ({ folded: false }),
  computed: {
    all() { return (this.actions || []).filter((one) => !one.menu); },
    shown() { return this.folded ? [this.all.find((one) => one.primary) ?? this.all[0]] : this.all; },
    more() { return (this.actions || []).filter((one) => !this.shown.includes(one)); },
  },
  watch: { actions() { this.measure(); } },
  mounted() {
    if (!this.fold) return;
    this.phone = matchMedia("(max-width: 720px)");
    // Not the window: a screen is drawn out of sight first, where nothing has a width.
    this.sizes = new ResizeObserver(([{ contentRect }]) => { if (contentRect.width !== this.width) { this.width = contentRect.width; this.measure(); } });
    this.sizes.observe(this.$el.parentElement);
    document.fonts?.ready.then(this.measure);
  },
  unmounted() { this.sizes?.disconnect(); },
  methods: {
    measure() {
      if (!this.phone) return;
      this.folded = this.fold === "always" && this.phone.matches && this.all.length > 1;
      if (this.folded) return;
      this.$nextTick(() => { const parts = this.$el.children; this.folded = this.phone.matches && this.all.length > 1 && parts?.[parts.length - 1].offsetTop > parts[0].offsetTop + 8; });
    },
    kind(one) { return ["lb-button", one.primary && "lb-button-primary", one.danger && "lb-button-danger", one.quiet && "lb-button-quiet", one.small && "lb-button-small"]; },
  },
  template: `
    <div v-if="actions?.length" class="lb-actions">
      <template v-for="one in shown" :key="one.name ?? one.label">
        <a v-if="one.href" :class="kind(one)" :href="one.href" :data-reload="one.download || undefined" :data-create="one.create || undefined"><lb-icon v-if="one.icon" :name="one.icon"/><span>{{ one.label }}</span></a>
        <button v-else type="button" :class="kind(one)" :disabled="busy === one.name" :data-create="one.create || undefined" @click="$emit('choose', one)"><lb-icon v-if="one.icon" :name="one.icon"/><span>{{ one.label }}</span></button>
      </template>
      <lb-menu v-if="more.length" :items="more" :label="t('More actions')" button-class="lb-button" icon="more_horiz" @choose="$emit('choose', $event)"/>
    </div>`,
};

// Tips that this account has not seen, by name; the frame fills them in. One stands on a page at a time, beside its thing.
export const tips = { waiting: new Set(), shown: "" };
// Somebody has read a tip, or found out by himself: it never comes again.
export function seen(name) {
  if (!tips.waiting.delete(name)) return;
  if (tips.shown === name) tips.shown = "";
  dispatchEvent(new CustomEvent("logbook-tip", { detail: name }));
}
export const LbTip = {
  components: { LbIcon },
  props: { name: String },
  data: () => ({ shown: false }),
  mounted() {
    if (!tips.shown && tips.waiting.has(this.name)) { tips.shown = this.name; this.shown = true; }
    addEventListener("logbook-tip", this.told);
  },
  unmounted() { removeEventListener("logbook-tip", this.told); if (this.shown) tips.shown = ""; },
  methods: { t, seen, told(event) { if (event.detail === this.name) this.shown = false; } },
  template: `<div v-if="shown" class="lb-tip" role="note"><lb-icon name="info"/><p><slot/></p><button type="button" class="lb-tool" :aria-label="t('Do not show this tip again')" :title="t('Do not show this tip again')" @click="seen(name)"><lb-icon name="close"/></button></div>`,
};

export const shared = { LbIcon, LbAvatar, LbChip, LbTint, LbTime, LbCell, LbMenu, LbActions, LbTip };

// The address of a record with the question of the list that leads to it, so that it knows those around it. A very long one stays behind.
export const carrying = (href, question) => (!question || question.length > 400 ? href : href + "?" + new URLSearchParams({ list: question }));

// Copies text; pages opened over plain http have no clipboard API.
export async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
