// A board: cards in columns, dragged by pointer or moved by menu and keys; the server says where each one lies.
import { brief, carrying, shared, initials, mirrored, onward, tint, t } from "logbook";
import { kept } from "drafts";
import { sheet } from "layers";
import symbols from "symbols";

const point = (name) => (symbols[name] ? String.fromCodePoint(symbols[name]) : "");
const told = (name) => function (...given) { this.field()?.[name](...given); };
const before = (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id < b.id ? -1 : 1);
let numbers = 0;

export default {
  components: shared,
  props: { label: String, columns: Array, cards: Array, noun: Array, menus: Array, movable: Boolean, addable: Boolean, place: String, carried: String },
  emits: ["act"],
  data: () => ({ known: new Map(), menu: null, adding: null, asked: false, said: "", dragging: false, moves: "lb-moves-" + ++numbers }),
  computed: {
    lists() {
      const lists = new Map(this.columns.map((column) => [column.id, []]));
      for (const card of this.known.values()) lists.get(card.column)?.push(card);
      for (const list of lists.values()) list.sort(before);
      return lists;
    },
  },
  watch: {
    menu(now) { this.left?.(); this.left = now && sheet(() => this.closeMenu()); },
    cards: { immediate: true, handler() { this.settled(() => (this.known = new Map(this.cards.map((card) => [card.id, card])))); } },
  },
  async mounted() {
    document.addEventListener("pointerdown", this.outside, true);
    if (this.place) for (const { id } of this.columns) kept(this.lineOf(id)).then((begun) => begun?.typed?.text && (this.adding ??= id));
    if (!this.movable) return;
    const { Sortable } = await import("nicegui-sortable");
    if (this.gone) return;
    this.Sortable = Sortable;
    this.attach();
  },
  updated() { this.attach(); this.show(); },
  beforeUnmount() { this.gone = true; this.left?.(); document.removeEventListener("pointerdown", this.outside, true); for (const one of this.sortables?.values() || []) one.destroy(); },
  methods: {
    point, brief, initials, tint,
    act(name, key) { this.$emit("act", { name, key }); },
    // Called by the server: one card as it is now, or gone.
    put(card) { this.settled(() => this.known.set(card.id, card)); },
    drop(id) { this.settled(() => this.known.delete(id)); },
    reveal(id) { this.fresh = id; this.show(); }, // it may come later than what is said of it
    show() {
      const card = this.fresh && this.$el.querySelector('[data-card="' + CSS.escape(this.fresh) + '"]');
      if (card) { this.fresh = null; card.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    },
    settled(change) { this.dragging ? (this.waiting ||= []).push(change) : change(); },
    say(text) { this.said = ""; this.$nextTick(() => (this.said = text)); },
    link(card) { return carrying(card.href, this.carried && "column=" + card.column + "&" + this.carried); },
    total(column) { return this.lists.get(column.id).length + column.hidden; },
    attach() {
      if (!this.Sortable) return;
      this.sortables ||= new Map();
      const lists = new Set(this.$el.querySelectorAll("[data-column]"));
      for (const [list, one] of this.sortables) if (!lists.has(list)) { one.destroy(); this.sortables.delete(list); }
      for (const list of lists) if (!this.sortables.has(list)) this.sortables.set(list, this.Sortable.create(list, {
        group: "board", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120, ghostClass: "lb-board-ghost", draggable: "[data-card]", filter: "button", preventOnFilter: false,
        // The browser's own dragging knows no fingers, and so the board would not scroll below a card that one holds.
        forceFallback: matchMedia("(any-pointer: coarse)").matches, fallbackTolerance: 4, delay: 180, delayOnTouchOnly: true, touchStartThreshold: 4, scrollSensitivity: 64, scrollSpeed: 12,
        onChoose: () => (this.held = true), onUnchoose: () => (this.held = false), onStart: () => { this.dragging = true; this.menu = null; }, onEnd: (event) => this.dropped(event),
      }));
    },
    dropped({ item, from, to, oldDraggableIndex, newDraggableIndex }) {
      from.insertBefore(item, from.querySelectorAll("[data-card]")[oldDraggableIndex + (from === to && newDraggableIndex < oldDraggableIndex ? 1 : 0)] || null); // Vue moves it, not the library
      this.dragging = false;
      if (from !== to || oldDraggableIndex !== newDraggableIndex) this.move(this.known.get(item.dataset.card), to.dataset.column, newDraggableIndex); // between those that it was dropped between, before late news moves them
      for (const late of this.waiting?.splice(0) || []) late();
    },
    // The neighbours are told by their ids: only the server knows what lies between them.
    move(card, column, index) {
      if (!card) return;
      const others = this.lists.get(column).filter((one) => one.id !== card.id), above = others[index - 1], below = others[index];
      const from = card.column;
      this.known.set(card.id, { ...card, column, key: (above?.key ?? "") + "!", moving: true });
      this.act("move", { card: card.id, from_column: from, column, after: above?.id ?? null, before: below?.id ?? null });
      this.say(card.title + ": " + t("{column}, {place} of {count}", { column: this.columns.find((one) => one.id === column).title, place: Math.min(index, others.length) + 1, count: others.length + 1 }));
    },
    step(event, card) {
      if (!this.movable || !event.altKey || event.target.closest("button")) return;
      const list = this.lists.get(card.column), at = list.indexOf(card), place = this.columns.findIndex((one) => one.id === card.column);
      const way = { ArrowUp: [0, at - 1], ArrowDown: [0, at + 1], ArrowLeft: [onward("ArrowLeft"), 0], ArrowRight: [onward("ArrowRight"), 0] }[event.key];
      if (!way) return;
      event.preventDefault();
      const column = this.columns[place + way[0]];
      if (!column || (!way[0] && (way[1] < 0 || way[1] >= list.length))) return;
      this.move(card, column.id, way[1]);
      this.refocus(card.id);
    },
    refocus(id) { this.$nextTick(() => this.$el.querySelector('[data-card="' + CSS.escape(id) + '"] a')?.focus()); },
    items(card) {
      const list = this.lists.get(card.column), at = list.indexOf(card), moves = [];
      if (this.movable) {
        if (at > 0) moves.push({ label: t("Move up"), icon: "arrow_upward", go: () => this.move(card, card.column, at - 1) }, { label: t("Move to the top"), icon: "vertical_align_top", go: () => this.move(card, card.column, 0) });
        if (at < list.length - 1) moves.push({ label: t("Move down"), icon: "arrow_downward", go: () => this.move(card, card.column, at + 1) });
        for (const column of this.columns) if (column.id !== card.column) moves.push({ label: t("Move to {name}", { name: column.title }), icon: "arrow_forward", go: () => this.move(card, column.id, 0) });
      }
      const others = this.menus.filter((one) => !card.without?.includes(one.name)).map((one) => ({ ...one, go: () => this.act(one.name, card.id) }));
      return others.length && moves.length ? [...others, { separator: true }, ...moves] : [...others, ...moves];
    },
    openMenu(event, card) {
      if (this.menu?.card.id === card.id) return this.closeMenu();
      const box = event.currentTarget.getBoundingClientRect(), items = this.items(card), height = Math.min(items.length * 38 + 20, 420), up = box.bottom + height > innerHeight && box.top > height;
      this.opener = event.currentTarget;
      this.menu = { card, items, place: { position: "fixed", ...(mirrored() ? { left: Math.max(8, box.left) + "px" } : { right: Math.max(8, innerWidth - box.right) + "px" }), maxHeight: "420px", overflow: "auto", ...(up ? { bottom: innerHeight - box.top + 4 + "px" } : { top: box.bottom + 4 + "px" }) } };
      this.$nextTick(() => this.$refs.menu?.querySelector("[role=menuitem]")?.focus({ preventScroll: true }));
    },
    closeMenu(focus = true) { if (!this.menu) return; this.menu = null; if (focus) this.opener?.focus(); },
    outside(event) { if (this.menu && !this.$refs.menu?.contains(event.target) && !this.opener.contains(event.target)) this.closeMenu(false); },
    walk(event, step) {
      const all = [...this.$refs.menu.querySelectorAll("[role=menuitem]")];
      all[step === "first" ? 0 : step === "last" ? all.length - 1 : (all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
    },
    chooseItem(item) { const id = this.menu.card.id; this.closeMenu(false); item.go(); this.refocus(id); },
    // The field for lines stands in one column at a time. What it says to the server goes through the board, and back.
    field() { return this.$refs.field?.[0]; },
    lineOf(column) { return this.place && this.place + "-" + column; },
    startAdding(column) { if (!this.field()?.busy) { this.asked = true; this.adding = column.id; } },
    stopAdding(column) {
      if (this.field()?.busy) return; // it may be refused yet, and has to say so
      this.adding = null;
      this.$nextTick(() => this.$el.querySelector('[data-add="' + CSS.escape(column.id) + '"]')?.focus());
    },
    sendOn({ name, key }) { this.act(name, name === "add" ? { ...key, column: this.adding } : key); },
    understood: told("understood"), offer: told("offer"), added: told("added"), refused: told("refused"),
    restore(text, column) { this.adding ??= column; this.$nextTick(() => this.field()?.restore(text)); },
  },
  template: `
  <section :class="['lb-board', dragging && 'lb-board-dragging']" :aria-label="label">
    <section v-for="column in columns" :key="column.id" class="lb-board-column" :aria-label="column.title">
      <header class="lb-board-head"><i v-if="column.tone" :class="['lb-board-dot', 'lb-tone-' + column.tone]" aria-hidden="true"></i><h2>{{ column.title }}</h2>
        <span :class="['lb-count', column.limit && total(column) > column.limit && 'lb-count-red']">{{ column.hidden ? t('{shown} of {total}', { shown: lists.get(column.id).length, total: total(column) }) : total(column) }}<template v-if="column.limit"><span aria-hidden="true"> / {{ column.limit }}</span><span class="lb-hidden"> {{ t('of at most {count}', { count: column.limit }) }}</span></template></span></header>
      <ul class="lb-board-cards" :data-column="column.id" @contextmenu="held && $event.preventDefault()">
        <li v-for="card in lists.get(column.id)" :key="card.id" :class="['lb-board-card', card.done && 'lb-board-done', card.moving && 'lb-board-moving']" :data-card="card.id" @keydown="step($event, card)">
          <div class="lb-board-top"><a :href="link(card)" draggable="false" :aria-describedby="movable ? moves : undefined">{{ card.title }}</a><button type="button" class="lb-board-more" aria-haspopup="menu" :aria-expanded="menu?.card.id === card.id" :aria-label="t('Actions for {name}', { name: card.title })" @click="openMenu($event, card)"><span class="lb-icon" aria-hidden="true">{{ point('more_horiz') }}</span></button></div>
          <div class="lb-board-facts"><div v-if="card.tags?.length" class="lb-board-tags"><span v-for="tag in card.tags" :key="tag.label" :class="['lb-tag', tag.tone && 'lb-tone-' + tag.tone]">{{ tag.label }}</span></div>
          <div class="lb-board-foot"><span class="lb-muted">{{ card.number }}</span>
            <span v-if="card.priority" :class="['lb-chip', 'lb-tone-' + card.priority.tone]">{{ card.priority.label }}</span>
            <span v-if="card.due" :class="['lb-board-fact', card.late && 'lb-board-late']"><span class="lb-icon" aria-hidden="true">{{ point(card.repeats ? 'event_repeat' : 'event') }}</span><span class="lb-hidden">{{ card.late ? t('overdue, due') : t('due') }} </span>{{ brief(card.due) }}<span v-if="card.repeats" class="lb-hidden">, {{ t('repeats') }}</span></span>
            <span v-if="card.checklist" class="lb-board-fact"><span class="lb-icon" aria-hidden="true">{{ point('checklist') }}</span><span class="lb-hidden">{{ t('checklist') }} </span>{{ card.checklist }}</span>
            <span v-if="card.parts" class="lb-board-fact"><span class="lb-icon" aria-hidden="true">{{ point('account_tree') }}</span><span class="lb-hidden">{{ t('parts') }} </span>{{ card.parts }}</span>
            <span v-if="card.comments" class="lb-board-fact"><span class="lb-icon" aria-hidden="true">{{ point('chat') }}</span><span class="lb-hidden">{{ t('comments') }}</span> {{ card.comments }}</span>
            <span v-if="card.files" class="lb-board-fact"><span class="lb-icon" aria-hidden="true">{{ point('attach_file') }}</span><span class="lb-hidden">{{ t('files') }}</span> {{ card.files }}</span>
            <span v-if="card.people?.length" class="lb-board-people"><template v-for="name in card.people.slice(0, 3)" :key="name"><span :class="['lb-avatar', 'lb-avatar-small', 'lb-tone-' + tint(name)]" :title="name"><span aria-hidden="true">{{ initials(name) }}</span><span class="lb-hidden">{{ name }}</span></span></template><span v-if="card.people.length > 3" class="lb-count">+{{ card.people.length - 3 }}</span></span></div></div>
        </li>
      </ul>
      <p v-if="!lists.get(column.id).length" class="lb-board-empty">{{ t('No {things} here.', { things: noun[1] }) }}<span v-if="movable" class="no-print">{{ ' ' + t('Drag one here.') }}</span></p>
      <a v-if="column.hidden && column.rest" class="lb-button lb-button-small lb-button-quiet" :href="column.rest">{{ t('Show all {count}', { count: total(column) }) }}<span class="lb-hidden">: {{ column.title }}</span></a>
      <nicegui-quick_add v-if="adding === column.id" ref="field" class="lb-board-add" :label="t('New {thing} in {column}', { thing: noun[0], column: column.title })" :hint="t('Such as: friday 5pm every month @okafor !high *maintenance. Shift and Enter begins another line.')" :place="lineOf(column.id)" :focus="asked" @act="sendOn" @keydown.esc.stop="stopAdding(column)"><button type="button" class="lb-button lb-button-quiet" @click="stopAdding(column)">{{ t('Close') }}</button></nicegui-quick_add>
      <button v-else-if="addable" type="button" class="lb-board-new" :data-add="column.id" @click="startAdding(column)"><lb-icon name="add"/>{{ t('Add a {thing}', { thing: noun[0] }) }}<span class="lb-hidden">: {{ column.title }}</span></button>
    </section>
    <div v-if="menu" ref="menu" class="lb-pop" :style="menu.place" role="menu" :aria-label="t('Actions for {name}', { name: menu.card.title })" @keydown.esc.stop="closeMenu()" @keydown.down.prevent="walk($event, 1)" @keydown.up.prevent="walk($event, -1)" @keydown.home.prevent="walk($event, 'first')" @keydown.end.prevent="walk($event, 'last')" @keydown.tab="closeMenu(false)">
      <template v-for="item in menu.items" :key="item.label"><hr v-if="item.separator"><button v-else type="button" :class="['lb-pop-item', item.danger && 'lb-pop-danger']" role="menuitem" tabindex="-1" @click.stop="chooseItem(item)"><lb-icon v-if="item.icon" :name="item.icon"/>{{ item.label }}</button></template></div>
    <p v-if="movable" :id="moves" class="lb-hidden">{{ t('Alt and an arrow key move the card.') }}</p>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </section>`,
};
