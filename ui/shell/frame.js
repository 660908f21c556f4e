// The frame around every screen: navigation, header, palette, bell, menus, toasts and the way from screen to screen.
import { begin, came, modal, over, popped, rewritten, sheets, still } from "layers";
import { shared, configure, seen, t, tips } from "logbook";

const isPlain = (event) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button);
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable=true], .q-editor, dialog");
const FIELD = "input, select, textarea, [contenteditable=true]", CONTROL = "a, button, " + FIELD;
const BARS = ".lb-bulk, .lb-filter-pop, .lb-form-foot, dialog[open] :is(.lb-dialog-head, .lb-dialog-foot)"; // what messages leave free
const here = () => location.pathname + location.search + location.hash;
const linked = () => { try { return document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return null; } };
// Tells a button again without its words: they may name somebody, and a browser keeps nobody's name.
const marked = (button) => String([...(button.getAttribute("aria-label") || button.textContent)].reduce((sum, one) => (Math.imul(sum, 31) + one.codePointAt(0)) | 0, 0));
const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };

export default {
  components: shared,
  mixins: [sheets],
  props: {
    navigation: Array, bottom: Array, organization: Object, organizations: Array, mayFound: Boolean, warning: String, user: Object, current: String, crumbs: Array, title: String, unread: Number,
    theme: String, token: String, locale: String, zone: String, brand: Object, help: String, known: Array, screen: Number, pins: Array, tips: Array, pinned: { type: Boolean, default: null },
  },
  data: () => ({
    drawer: false, open: null, mode: "system", dark: false, going: false, toasts: [], notices: null, said: "",
    palette: { text: "", groups: [], index: 0, waiting: false }, shortcutsOn: stored("logbook-shortcuts") !== "off", wide: true, roomy: matchMedia("(min-width: 1280px)").matches,
  }),
  computed: {
    links() { return this.navigation.flatMap((group) => group.items); },
    found() { return this.palette.groups.flatMap((group) => group.items); },
    bottomLinks() { return this.bottom.map((path) => this.links.find((link) => link.path === path)).filter(Boolean).slice(0, 4); },
    above() { return this.crumbs.slice(0, -1).findLast((one) => one.href); },
    themeIcon() { return this.dark ? "light_mode" : "dark_mode"; },
  },
  watch: {
    drawer(now) { now ? (this.drawn = over(() => this.closeDrawer())) : this.drawn?.(); },
    title: { handler(value) { if (value) document.title = value; }, immediate: true },
    unread: { handler() { this.drawIcon(); }, immediate: true },
    theme(value) { if (value && value !== this.mode) this.setTheme(value, false); },
  },
  created() {
    // Of what is not saved, whether the server keeps it as a draft.
    window.logbook = { go: (path) => this.go(path), toast: (message, kind) => this.toast({ message, kind }), dirty: new Map(), token: this.token };
    configure(this.locale, this.zone);
    tips.waiting = new Set(this.tips);
    if (this.theme) logbookTheme.set(this.theme);
    if (this.brand) logbookTheme.brand(this.brand.colour, this.brand.on);
    else if (this.brand === null) logbookTheme.brand();
    this.themed();
    window.Quasar?.Dark?.set(this.dark);
    addEventListener("logbook-theme", this.themed);
  },
  mounted() {
    history.scrollRestoration = "manual";
    if (history.state?.scroll) scrollTo(0, history.state.scroll);
    this.resume();
    begin();
    if (window.isSecureContext) navigator.serviceWorker?.register(`/service-worker.js?language=${this.locale}`).catch(() => {});
    this.reveal();
    if (location.hash) this.jump();
    this.media = matchMedia("(min-width: 1024px)");
    this.wide = this.media.matches;
    this.media.onchange = (event) => { this.wide = event.matches; this.drawer = false; };
    document.addEventListener("click", this.clicked);
    document.addEventListener("keydown", this.pressed);
    document.addEventListener("pointerdown", this.outside, true);
    document.addEventListener("focusin", this.place);
    addEventListener("scroll", this.replace, { capture: true, passive: true });
    window.visualViewport?.addEventListener("resize", this.replace);
    addEventListener("popstate", this.popped);
    addEventListener("beforeunload", this.leaving);
    addEventListener("logbook-tip", this.tipped);
  },
  updated() { this.reveal(); },
  unmounted() {
    document.removeEventListener("click", this.clicked);
    document.removeEventListener("keydown", this.pressed);
    document.removeEventListener("pointerdown", this.outside, true);
    document.removeEventListener("focusin", this.place);
    removeEventListener("scroll", this.replace, true);
    window.visualViewport?.removeEventListener("resize", this.replace);
    removeEventListener("popstate", this.popped);
    removeEventListener("beforeunload", this.leaving);
    removeEventListener("logbook-theme", this.themed);
    removeEventListener("logbook-tip", this.tipped);
  },
  methods: {
    act(kind, rest = {}) { this.$emit("act", { kind, ...rest }); },
    tipped(event) { this.act("tip", { text: event.detail }); },

    // --- from screen to screen
    // The next screen is drawn beside the one that is open; which of them shows is one property, so that it is never both or none.
    reveal() { for (const one of this.$refs.main.children) if (one.classList.contains("lb-screen")) one.hidden = one.id !== "c" + this.screen; },
    clicked(event) {
      const button = event.target.closest?.("button");
      if (button) try { sessionStorage.setItem("logbook-pressed", marked(button)); } catch { /* private mode */ }
      if (event.defaultPrevented || !isPlain(event)) return;
      const link = event.target.closest?.("a[href]");
      if (!link || link.target === "_blank" || link.hasAttribute("download") || link.dataset.reload !== undefined) return;
      const url = new URL(link.href, location.href);
      if (url.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
      if (url.hash && url.pathname + url.search === location.pathname + location.search) return;
      event.preventDefault();
      this.go(url.pathname + url.search + url.hash);
    },
    async go(path) {
      if (!(await this.mayLeave())) return;
      history.replaceState({ ...history.state, scroll: scrollY }, "");
      this.depart(path, false);
    },
    popped(event) {
      if (popped(event)) return;
      if (event.state === null && location.hash) return this.jump();
      this.depart(here(), true);
    },
    depart(path, back) {
      this.drawer = false; this.open = null;
      this.target = { path, back };
      clearTimeout(this.slow);
      this.slow = setTimeout(() => (this.going = true), 180);
      this.act("go", { path, back });
    },
    async arrived({ path, back, title }) {
      await still();
      clearTimeout(this.slow);
      this.going = false;
      window.logbook.dirty.clear();
      came(path, back);
      this.$nextTick(() => {
        if (location.hash) this.jump();
        else scrollTo(0, back ? history.state?.scroll || 0 : 0);
        if (!document.activeElement || document.activeElement === document.body || !this.$refs.main.contains(document.activeElement)) this.$refs.main.focus({ preventScroll: true });
        this.said = title;
      });
    },
    // Who had to prove first who he is comes back to where he was: the file that he asked for comes by itself, the button that he pressed waits for him.
    resume() {
      const asked = /^#(?:confirmed|download=(\/(?![\\/]).*))$/.exec(location.hash);
      if (!asked) return;
      history.replaceState(history.state, "", location.pathname + location.search);
      const href = asked[1];
      if (!href) {
        this.toast({ message: t("Confirmed. Please do it once more."), kind: "success" });
        let pressed;
        try { pressed = sessionStorage.getItem("logbook-pressed"); } catch { return; }
        return this.jump(() => [...this.$refs.main.querySelectorAll("button")].find((one) => marked(one) === pressed));
      }
      this.toast({ message: t("Your file is being downloaded."), kind: "success", seconds: 20, link: { href, label: t("Download again") } });
      if (document.readyState === "complete") location.assign(href);
      else addEventListener("load", () => location.assign(href), { once: true });
    },
    // An entry that a link names may be drawn late: a tab opens, a region loads. It is looked for a while, shown and marked.
    jump(find = linked, tries = 40) {
      clearTimeout(this.jumping);
      const entry = find();
      if (!entry) { if (tries > 0) this.jumping = setTimeout(() => this.jump(find, tries - 1), 100); return; }
      entry.scrollIntoView({ block: "center" });
      if (entry.tabIndex < 0) entry.setAttribute("tabindex", "-1");
      entry.focus({ preventScroll: true });
      document.querySelectorAll("[data-target]").forEach((one) => { one.removeAttribute("data-target"); one.style.outline = ""; });
      entry.dataset.target = ""; entry.style.outline = "var(--ring)"; entry.style.outlineOffset = "4px"; entry.style.borderRadius = "9px";
    },
    leave(path) { window.logbook.dirty.clear(); location.assign(path); },
    replaced(path) { rewritten(path); },
    async mayLeave() {
      if (!window.logbook.dirty.size) return true;
      const dialog = this.$refs.leave;
      modal(dialog);
      const answer = await new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
      if (answer !== "leave") return false;
      window.logbook.dirty.clear();
      return true;
    },
    leaving(event) { if ([...window.logbook.dirty.values()].includes(false)) event.preventDefault(); },

    // --- keyboard
    pressed(event) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); seen("palette"); return this.openPalette(); }
      if (event.key === "Escape") { this.goKey = 0; if (this.open) { const back = this.open; this.open = null; this.$refs[back + "Button"]?.focus(); } if (this.drawer) this.closeDrawer(); return; }
      if (!this.shortcutsOn || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const key = event.key.toLowerCase();
      if (this.goKey && Date.now() - this.goKey < 1500) {
        this.goKey = 0;
        const link = this.links.find((one) => one.key === key);
        if (link) { event.preventDefault(); this.go(link.path); }
        return;
      }
      if (event.key === "?") { event.preventDefault(); this.showShortcuts(); }
      else if (key === "g") this.goKey = Date.now();
      else if (event.key === "/") { const field = document.querySelector("[data-filter]"); event.preventDefault(); field ? field.focus() : this.openPalette(); }
      else if (key === "c") { const create = document.querySelector("[data-create]"); event.preventDefault(); create ? create.click() : this.act("create"); }
    },
    showShortcuts() { if (!this.$refs.shortcuts.open) modal(this.$refs.shortcuts); },
    setShortcuts(on) { this.shortcutsOn = on; try { localStorage.setItem("logbook-shortcuts", on ? "on" : "off"); } catch { /* private mode */ } },
    outside(event) { this.used = event.target.closest(CONTROL); if (this.open && !event.target.closest(".lb-anchor, .lb-switcher")) this.open = null; },
    toggle(name) {
      this.open = this.open === name ? null : name;
      if (this.open === "notices") { this.notices = null; this.act("notices"); }
      if (this.open) this.$nextTick(() => this.$el.querySelector("[data-pop=" + name + "] :is(a, button)")?.focus());
    },
    menuMove(event, step) {
      const all = [...event.currentTarget.querySelectorAll("a, button")];
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
    },
    openDrawer() { this.drawer = true; this.$nextTick(() => this.$refs.drawer.querySelector("a, button")?.focus()); },
    closeDrawer() { this.drawer = false; this.$nextTick(() => this.$refs.drawerButton?.focus()); },

    // --- palette
    openPalette() {
      if (this.$refs.palette.open) return;
      this.drawer = false; this.open = null;
      this.palette = { text: "", groups: this.pages(""), index: 0, waiting: false };
      modal(this.$refs.palette);
      this.$refs.search.focus();
      this.act("palette", { text: "" });
    },
    pages(text) {
      const wanted = text.trim().toLowerCase();
      const items = this.links.filter((link) => link.label.toLowerCase().includes(wanted)).slice(0, wanted ? 5 : 8)
        .map((link) => ({ label: link.label, icon: link.icon, href: link.path, detail: "" }));
      return items.length ? [{ title: "Pages", label: t("Pages"), items }] : [];
    },
    typed() {
      this.palette.groups = this.pages(this.palette.text); this.palette.index = 0; this.palette.waiting = true;
      clearTimeout(this.typedLater);
      this.typedLater = setTimeout(() => this.act("palette", { text: this.palette.text.slice(0, 200) }), 40);
    },
    paletteFound({ text, groups }) {
      if (text !== this.palette.text.slice(0, 200)) return;
      groups = groups.map((one) => one.title !== "Recent" ? one : { ...one, items: one.items.filter((item) => item.href !== location.pathname) });
      if (!groups.some((one) => one.title === "Pages")) groups = [...groups, ...this.pages(text)];
      const once = new Set(), isFirst = ({ href }) => { const path = href.split("?")[0]; return !once.has(path) && once.add(path); };
      this.palette.groups = groups.map((one) => ({ ...one, items: one.items.filter(isFirst) })).filter((one) => one.items.length); this.palette.waiting = false;
      this.palette.index = Math.min(this.palette.index, Math.max(0, this.found.length - 1));
    },
    paletteMove(step) {
      if (!this.found.length) return;
      this.palette.index = (this.palette.index + step + this.found.length) % this.found.length;
      this.$nextTick(() => document.getElementById("lb-found-" + this.palette.index)?.scrollIntoView({ block: "nearest" }));
    },
    choose(item, event) {
      if (!item || (event && !isPlain(event))) return;
      event?.preventDefault(); event?.stopPropagation();
      this.$refs.palette.close();
      if (item.href === "#create") this.act("create");
      else if (item.href) this.go(item.href);
    },

    // --- bell, theme, toasts
    noticesFound(list) { this.notices = list; },
    read(notice) { if (!notice.read) { notice.read = true; this.act("read", { id: notice.id }); } if (notice.href) this.open = null; },
    readAll() { this.notices?.forEach((one) => (one.read = true)); this.act("read-all"); },
    themed() { this.mode = logbookTheme.mode(); this.dark = logbookTheme.dark(); },
    setTheme(mode, tell = true) { this.mode = mode; logbookTheme.set(mode); if (tell) this.act("theme", { text: mode }); },
    nextTheme() { this.setTheme(logbookTheme.dark() ? "light" : "dark"); },
    toast({ id = null, message, kind = "info", undo = false, seconds = 6, link = null, also = null }) {
      const toast = { key: Math.random(), id, message, kind, undo, link, also };
      this.toasts = this.kept([...this.toasts, toast]);
      setTimeout(() => this.dismiss(toast), (undo || also ? 10 : seconds) * 1000);
      this.$nextTick(() => { const box = this.$refs.toasts; try { box.hidePopover(); } catch { /* not open */ } try { box.showPopover(); } catch { /* no popover here */ } this.place(); });
    },
    // A phone has room for the newest, and for the newest that can be taken back.
    kept(toasts) {
      const last = toasts.at(-1), back = toasts.findLast((one) => one.undo);
      return matchMedia("(max-width: 720px)").matches ? toasts.filter((one) => one === last || one === back) : toasts.slice(-3);
    },
    // They stand at the bottom, unless they would lie there on what the person works with: then at the top, or right beside it.
    place() {
      const box = this.$refs.toasts, at = document.activeElement, view = window.visualViewport ?? { offsetTop: 0, height: innerHeight };
      if (!this.toasts.length || box.contains(at)) return;
      box.style.inset = "";
      const usual = box.getBoundingClientRect(), top = view.offsetTop + 8, end = view.offsetTop + view.height - 8; // what a keyboard leaves of the window
      const around = at?.matches(FIELD) && at.closest("form"), works = [...document.querySelectorAll(BARS), ...[at, this.used].filter((one) => one?.isConnected && one.matches(CONTROL) && !box.contains(one))];
      if (around?.offsetHeight < 240) works.push(around); // with the buttons that send what is typed
      const taken = works.map((one) => one.getBoundingClientRect()).filter((one) => one.height && one.right > usual.left && one.left < usual.right);
      const free = (y) => y >= top && y + usual.height <= end && taken.every((one) => one.bottom <= y || one.top >= y + usual.height);
      const places = [Math.min(usual.top, end - usual.height), top + 60, ...taken.flatMap((one) => [one.top - usual.height - 8, one.bottom + 8]), top];
      const y = places.find(free) ?? places[0];
      if (y !== usual.top) box.style.inset = y + "px 0 auto 0";
    },
    replace() { if (this.toasts.length && document.activeElement?.matches(FIELD)) requestAnimationFrame(this.place); },
    dismiss(toast) { this.toasts = this.toasts.filter((one) => one.key !== toast.key); },
    undo(toast, id = toast.id) { this.dismiss(toast); this.act("undo", { id }); },
    drawIcon() {
      const link = document.querySelector("link[rel~=icon]");
      if (!link) return;
      this.plainIcon ??= link.href;
      if (!this.unread) { link.href = this.plainIcon; return; }
      const dot = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e6e"/><path d="M11 8v16h11" stroke="#fff" stroke-width="4" fill="none"/><circle cx="24" cy="8" r="8" fill="#d92d20"/></svg>`;
      link.href = "data:image/svg+xml," + encodeURIComponent(dot);
    },
  },
  template: `
  <div class="lb-shell">
    <a class="lb-skip" href="#lb-main" @click.prevent="$refs.main.focus()">{{ t('Skip to content') }}</a>
    <div v-if="going" class="lb-progress" role="presentation"></div>
    <div v-if="drawer" class="lb-scrim" @click="closeDrawer"></div>
    <aside ref="drawer" :class="['lb-drawer', drawer && 'lb-drawer-open']" :inert="!wide && !drawer" :aria-label="t('Side bar')">
      <div class="lb-switcher">
        <button v-if="organizations.length > 1 || mayFound" ref="switcherButton" type="button" class="lb-switcher-button" aria-haspopup="true" :aria-expanded="open === 'switcher'" @click="toggle('switcher')">
          <img v-if="organization.logo" class="lb-mark" :src="organization.logo" alt=""><span v-else class="lb-mark" aria-hidden="true">{{ organization.name.slice(0, 1) }}</span>
          <span class="lb-switcher-name"><strong>{{ organization.name }}</strong><span>Logbook</span></span><lb-icon name="unfold_more"/>
        </button>
        <a v-else class="lb-switcher-button" href="/" style="color: inherit; text-decoration: none">
          <img v-if="organization.logo" class="lb-mark" :src="organization.logo" alt=""><span v-else class="lb-mark" aria-hidden="true">{{ organization.name.slice(0, 1) }}</span>
          <span class="lb-switcher-name"><strong>{{ organization.name }}</strong><span>Logbook</span></span>
        </a>
        <form v-if="open === 'switcher'" method="post" action="/switch-organization" class="lb-pop" style="inset-inline: 12px; top: 54px" data-pop="switcher" @keydown.down.prevent="menuMove($event, 1)" @keydown.up.prevent="menuMove($event, -1)">
          <input type="hidden" name="token" :value="token">
          <button v-for="one in organizations" :key="one.id" class="lb-pop-item" name="organization_id" :value="one.id" :aria-current="one.id === organization.id || undefined">
            <span class="lb-mark" style="width: 24px; height: 24px; font-size: 12px" aria-hidden="true">{{ one.name.slice(0, 1) }}</span>{{ one.name }}
          </button>
          <a v-if="mayFound" class="lb-pop-item" href="/new-department"><lb-icon name="add"/>{{ t('New department') }}</a>
        </form>
      </div>
      <nav class="lb-drawer-scroll" :aria-label="t('Main')">
        <template v-for="(group, index) in navigation" :key="group.title">
          <p v-if="group.title" class="lb-nav-title" :id="'lb-nav-' + group.title">{{ group.title }}</p>
          <ul :aria-labelledby="group.title ? 'lb-nav-' + group.title : undefined">
            <li v-for="link in group.items" :key="link.path">
              <a class="lb-nav-item" :href="link.path" :aria-current="link.path === current ? 'page' : undefined">
                <lb-icon :name="link.icon"/><span>{{ link.label }}</span>
                <span v-if="link.count" :class="['lb-count', link.urgent && 'lb-count-red']">{{ link.count }}<span class="lb-hidden"> {{ t('waiting') }}</span></span>
              </a>
            </li>
          </ul>
          <template v-if="!index && pins.length"><p class="lb-nav-title" id="lb-nav-pinned">{{ t('Pinned') }}</p>
            <ul aria-labelledby="lb-nav-pinned"><li v-for="one in pins" :key="one.path"><a class="lb-nav-item" :href="one.path"><lb-icon :name="one.icon"/><span>{{ one.label }}</span></a></li></ul></template>
        </template>
      </nav>
    </aside>

    <div class="lb-body" :inert="(!wide && drawer) || undefined">
      <p v-if="warning" class="lb-unsafe" role="region" :aria-label="t('Security')">{{ warning }}</p>
      <header class="lb-header">
        <button ref="drawerButton" type="button" class="lb-tool lb-menu-button" :aria-label="t('Open navigation')" :aria-expanded="drawer" @click="openDrawer"><lb-icon name="menu"/></button>
        <a v-if="above" class="lb-back" :href="above.href" :aria-label="t('Back to {name}', { name: above.label })"><lb-icon name="chevron_left"/><span>{{ above.label }}</span></a>
        <nav class="lb-crumbs" :aria-label="t('Breadcrumb')">
          <template v-for="(crumb, index) in crumbs" :key="index">
            <lb-icon v-if="index" name="chevron_right"/>
            <a v-if="crumb.href && index < crumbs.length - 1" :href="crumb.href">{{ crumb.label }}</a><span v-else aria-current="page">{{ crumb.label }}</span>
          </template>
        </nav>
        <button v-if="pinned !== null" type="button" class="lb-tool lb-pin" :aria-pressed="!!pinned" :aria-label="pinned ? t('Unpin this page') : t('Pin this page')" :title="pinned ? t('Unpin this page') : t('Pin this page')" @click="act('pin')"><lb-icon name="push_pin"/></button>
        <button type="button" class="lb-search" aria-haspopup="dialog" aria-keyshortcuts="Control+K" @click="openPalette"><lb-icon name="search"/><span>{{ t('Search or jump to…') }}</span><kbd>Ctrl K</kbd></button>
        <lb-tip v-if="roomy" name="palette">{{ t('Ctrl K finds people, pages and actions from anywhere.') }}</lb-tip>
        <div class="lb-header-end">
          <span class="lb-anchor">
            <button ref="noticesButton" type="button" class="lb-tool" aria-haspopup="true" :aria-expanded="open === 'notices'" :aria-label="unread ? t('Notices, {count} unread', { count: unread }) : t('Notices')" @click="toggle('notices')">
              <lb-icon name="notifications"/><span v-if="unread" class="lb-badge" aria-hidden="true">{{ unread > 99 ? '99+' : unread }}</span>
            </button>
            <section v-if="open === 'notices'" class="lb-pop lb-pop-end lb-pop-phone lb-notices" :aria-label="t('Notices')" data-pop="notices">
              <header><h2>{{ t('Notices') }}</h2><button v-if="unread" type="button" class="lb-button lb-button-small lb-button-quiet" @click="readAll">{{ t('Mark all read') }}</button></header>
              <ul v-if="notices?.length">
                <li v-for="notice in notices" :key="notice.id" style="display: flex; align-items: center">
                  <component :is="notice.href ? 'a' : 'button'" :href="notice.href || undefined" :class="['lb-notice', !notice.read && 'lb-notice-new']" style="flex: 1; min-width: 0" @click="read(notice)">
                    <lb-tint :icon="notice.icon || 'notifications'" :tone="notice.tone"/><div><p>{{ notice.text }}</p><lb-time :value="notice.at"/><small v-if="notice.more" class="lb-muted"> · {{ tn('and {count} more about it', 'and {count} more about it', notice.more) }}</small></div>
                    <span v-if="!notice.read" class="lb-notice-dot"><span class="lb-hidden">{{ t('unread') }}</span></span>
                  </component>
                  <button v-if="!notice.read && notice.href" type="button" class="lb-tool lb-notice-read" :aria-label="t('Mark as read: {text}', { text: notice.text })" :title="t('Mark as read')" @click="read({ ...notice, href: null }); notice.read = true"><lb-icon name="done"/></button>
                </li>
              </ul>
              <p v-else-if="notices" class="lb-palette-empty">{{ t('Nothing new. Notices about your work appear here.') }}</p>
              <div v-else style="padding: 16px; display: grid; gap: 14px"><span class="lb-skeleton"></span><span class="lb-skeleton" style="width: 70%"></span><span class="lb-skeleton"></span></div>
              <footer v-if="known.includes('/notifications')"><a href="/notifications">{{ t('All notices and settings') }}</a></footer>
            </section>
          </span>
          <button type="button" class="lb-tool lb-theme-tool" :aria-label="t('Switch between light and dark')" :title="t('Switch between light and dark')" @click="nextTheme"><lb-icon :name="themeIcon"/></button>
          <span class="lb-anchor">
            <button ref="userButton" type="button" class="lb-tool" aria-haspopup="true" :aria-expanded="open === 'user'" :aria-label="t('Account menu of {name}', { name: user.name })" @click="toggle('user')"><lb-avatar :name="user.name" :photo="user.photo"/></button>
            <div v-if="open === 'user'" class="lb-pop lb-pop-end" style="width: 264px" data-pop="user" @keydown.down.prevent="menuMove($event, 1)" @keydown.up.prevent="menuMove($event, -1)">
              <div class="lb-pop-head"><strong>{{ user.name }}</strong><span class="lb-muted">{{ user.detail }}</span></div><hr>
              <a v-if="known.includes('/account')" class="lb-pop-item" href="/account"><lb-icon name="person"/>{{ t('My account') }}</a>
              <a v-if="known.includes('/account/notices')" class="lb-pop-item" href="/account/notices"><lb-icon name="notifications"/>{{ t('My notices') }}</a><hr>
              <div class="lb-pop-head" id="lb-theme-label">{{ t('Theme') }}</div>
              <div class="lb-segments" role="group" aria-labelledby="lb-theme-label" style="margin: 0 10px 8px">
                <button v-for="one in [['light', t('Light')], ['dark', t('Dark')], ['system', t('System')]]" :key="one[0]" type="button" :aria-pressed="mode === one[0]" @click="setTheme(one[0])">{{ one[1] }}</button>
              </div><hr>
              <button v-if="pinned !== null" type="button" class="lb-pop-item lb-phone-only" @click="open = null; act('pin')"><lb-icon name="push_pin"/>{{ pinned ? t('Unpin this page') : t('Pin this page') }}</button>
              <button type="button" class="lb-pop-item" @click="open = null; showShortcuts()"><lb-icon name="keyboard"/>{{ t('Keyboard shortcuts') }}</button>
              <a v-if="help" class="lb-pop-item" :href="help"><lb-icon name="help"/>{{ t('Help') }}</a>
              <form method="post" action="/sign-out"><input type="hidden" name="token" :value="token"><button class="lb-pop-item"><lb-icon name="logout"/>{{ t('Sign out') }}</button></form>
            </div>
          </span>
        </div>
      </header>
      <main ref="main" id="lb-main" class="lb-main" tabindex="-1"><slot></slot></main>
    </div>

    <nav v-if="bottomLinks.length" class="lb-bottom" :aria-label="t('Quick')" :inert="drawer || undefined">
      <a v-for="link in bottomLinks" :key="link.path" :href="link.path" :aria-current="link.path === current ? 'page' : undefined"><span class="lb-pill"><lb-icon :name="link.icon"/></span><span>{{ link.label }}</span></a>
      <button type="button" @click="openDrawer"><span class="lb-pill"><lb-icon name="menu"/></span><span>{{ t('More') }}</span></button>
    </nav>

    <dialog ref="palette" class="lb-palette" :aria-label="t('Search')" @click.self="$refs.palette.close()">
      <div class="lb-palette-field"><lb-icon name="search"/>
        <input ref="search" v-model="palette.text" type="text" role="combobox" aria-expanded="true" aria-controls="lb-found" aria-autocomplete="list" :aria-activedescendant="found.length ? 'lb-found-' + palette.index : undefined" :aria-label="t('Search or jump to')" :placeholder="t('Search records, pages and actions')" autocomplete="off" spellcheck="false" maxlength="200"
          @input="typed" @keydown.down.prevent="paletteMove(1)" @keydown.up.prevent="paletteMove(-1)" @keydown.enter.prevent="choose(found[palette.index])"><kbd>Esc</kbd><button type="button" class="lb-tool lb-touch-only" :aria-label="t('Close')" @click="$refs.palette.close()"><lb-icon name="close"/></button></div>
      <div id="lb-found" class="lb-palette-list" role="listbox" :aria-label="t('Results')">
        <div v-for="group in palette.groups" :key="group.title" role="group" :aria-label="group.label"><p class="lb-palette-group" aria-hidden="true">{{ group.label }}</p>
          <a v-for="item in group.items" :key="item.href + item.label" :id="'lb-found-' + found.indexOf(item)" role="option" tabindex="-1" :href="item.href" :class="['lb-palette-item']" :aria-selected="found.indexOf(item) === palette.index" @click="choose(item, $event)" @mousemove="palette.index = found.indexOf(item)">
            <lb-avatar v-if="item.person" :name="item.label" size="small"/><lb-icon v-else :name="item.icon || 'arrow_forward'"/><div>{{ item.label }}<small v-if="item.detail">{{ item.detail }}</small></div>
          </a>
        </div>
        <p v-if="!found.length" class="lb-palette-empty" role="option" aria-selected="false">{{ palette.waiting ? t('Searching…') : t('Nothing matches “{text}”.', { text: palette.text }) }}</p>
      </div>
      <div class="lb-palette-foot"><span><kbd>↑</kbd> <kbd>↓</kbd> {{ t('choose') }}</span><span><kbd>Enter</kbd> {{ t('open') }}</span></div>
    </dialog>

    <dialog ref="shortcuts" class="lb-dialog lb-dialog-small" aria-labelledby="lb-shortcuts-title" @click.self="$refs.shortcuts.close()">
      <div class="lb-dialog-head"><h2 id="lb-shortcuts-title">{{ t('Keyboard shortcuts') }}</h2><button type="button" class="lb-tool" :aria-label="t('Close')" @click="$refs.shortcuts.close()"><lb-icon name="close"/></button></div>
      <div class="lb-dialog-body">
        <label class="lb-checkline"><input type="checkbox" class="lb-check" :checked="shortcutsOn" @change="setShortcuts($event.target.checked)"><span>{{ t('Single-key shortcuts are on') }}</span></label>
        <div class="lb-shortcuts"><span><kbd>Ctrl</kbd> <kbd>K</kbd></span><span>{{ t('Search or jump to') }}</span><kbd>/</kbd><span>{{ t('Filter this page') }}</span><kbd>C</kbd><span>{{ t('Create') }}</span><kbd>?</kbd><span>{{ t('This list') }}</span><span><kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> <kbd>←</kbd> <kbd>→</kbd></span><span>{{ t('Move a card on a board') }}</span>
          <template v-for="link in links.filter((one) => one.key)" :key="link.path"><span><kbd>G</kbd> <kbd>{{ link.key.toUpperCase() }}</kbd></span><span>{{ link.label }}</span></template></div>
      </div>
    </dialog>

    <dialog ref="leave" class="lb-dialog lb-dialog-small" aria-labelledby="lb-leave-title"><form method="dialog">
      <div class="lb-dialog-head"><h2 id="lb-leave-title">{{ t('Leave without saving?') }}</h2></div>
      <div class="lb-dialog-body"><p>{{ t('What you typed on this page has not been saved.') }}</p></div>
      <div class="lb-dialog-foot"><button class="lb-button" value="stay" autofocus>{{ t('Stay') }}</button><button class="lb-button lb-button-danger" value="leave">{{ t('Leave') }}</button></div>
    </form></dialog>

    <div ref="toasts" class="lb-toasts" popover="manual" role="status" aria-live="polite">
      <div v-for="toast in toasts" :key="toast.key" class="lb-toast"><lb-icon :name="{ error: 'error', success: 'check_circle', warning: 'warning' }[toast.kind] || 'info'"/><p>{{ toast.message }}</p>
        <a v-if="toast.link" class="lb-undo" :href="toast.link.href" :data-reload="toast.link.inside ? null : ''" @click="toast.link.inside && dismiss(toast)">{{ toast.link.label }}</a><button v-if="toast.also" type="button" class="lb-undo" @click="undo(toast, toast.also.id)">{{ toast.also.label }}</button><button v-if="toast.undo" type="button" class="lb-undo" @click="undo(toast)">{{ t('Undo') }}</button><button type="button" :aria-label="t('Dismiss')" @click="dismiss(toast)"><lb-icon name="close"/></button></div>
    </div>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </div>`,
};
