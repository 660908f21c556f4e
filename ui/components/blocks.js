// What screens are made of: heads, cards, tiles, lists, facts, timelines, empty states. One component, drawn by `kind`.
import { shared, copy, day, onward, tint, t } from "logbook";

const base = (template, more = {}) => ({ components: shared, props: { data: Object, busy: String }, emits: ["act"], ...more, template,
  methods: { act(one, key) { this.$emit("act", { name: one.name, ...(key === undefined ? {} : { key }) }); }, ...more.methods } });

const kinds = {
  head: base(`
    <div :class="['lb-page-head', data.tight && 'lb-page-head-tight']">
      <div :class="data.person && 'lb-record-title'"><lb-avatar v-if="data.person" :name="data.person.name" :photo="data.person.photo" size="large"/>
        <div><h1>{{ data.title }}</h1><lb-chip v-if="data.chip" :label="data.chip.label" :tone="data.chip.tone"/><div class="lb-head-line"><p v-if="data.text">{{ data.text }}</p><p v-if="data.people?.length" class="lb-head-people"><span v-for="name in data.people.slice(0, 3)" :key="name"><lb-avatar :name="name" size="small"/>{{ name }}</span><span v-if="data.people.length > 3" class="lb-count">+{{ data.people.length - 3 }}</span></p></div></div></div>
      <lb-actions :fold="data.tight ? 'always' : 'wraps'" :actions="data.actions" :busy="busy" @choose="act"/>
    </div>`),

  card: base(`
    <section class="lb-card" :aria-labelledby="data.title ? data.id : undefined">
      <div v-if="data.title" class="lb-card-head"><h2 :id="data.id">{{ data.title }}</h2>
        <a v-if="data.link" :href="data.link.href">{{ data.link.label }}</a><lb-actions :actions="data.actions" :busy="busy" @choose="act"/></div>
      <p v-if="data.text" class="lb-secondary" style="margin-bottom: 10px">{{ data.text }}</p>
      <div class="lb-stack"><slot></slot></div>
    </section>`),

  tiles: base(`
    <ul class="lb-tiles"><li v-for="tile in data.tiles" :key="tile.label" style="display: grid">
      <component :is="tile.href ? 'a' : 'div'" :href="tile.href || undefined" class="lb-card lb-tile">
        <span class="lb-tile-label"><lb-tint :icon="tile.icon" :tone="tile.tone"/>{{ tile.label }}</span>
        <span class="lb-tile-foot"><span class="lb-figure">{{ tile.value }}</span><lb-chip v-if="tile.note" :label="tile.note" :tone="tile.noteTone"/></span>
      </component></li></ul>`),

  attention: base(`
    <section class="lb-card"><div class="lb-card-head"><h2>{{ data.title }}</h2><a v-if="data.link && data.total > data.items.length" :href="data.link.href">{{ data.link.label }}</a><span v-if="data.items.length" class="lb-count">{{ data.total || data.items.length }}</span></div>
      <ul v-if="data.items.length" class="lb-list"><li v-for="item in data.items" :key="item.id" :class="item.acts.length > 1 && 'lb-list-acts'">
        <lb-tint :icon="item.icon" :tone="item.tone"/><div class="lb-list-text"><a v-if="item.href" :href="item.href">{{ item.text }}</a><strong v-else>{{ item.text }}</strong><small v-if="item.detail">{{ item.detail }}</small></div>
        <a v-if="item.label" class="lb-button" :href="item.href" :aria-label="item.label + ': ' + item.text">{{ item.label }}</a>
        <span v-if="item.acts.length" class="lb-acts"><button v-for="one in item.acts" :key="one.name" type="button" class="lb-button" :disabled="busy === one.name" :aria-label="one.label + ': ' + item.text" @click="act(one)">{{ one.label }}</button></span>
      </li></ul>
      <div v-else class="lb-empty" style="padding: 22px"><lb-tint icon="task_alt" tone="green"/><p>{{ data.empty }}</p></div>
    </section>`),

  activity: base(`
    <section class="lb-card"><div class="lb-card-head"><h2>{{ data.title }}</h2><a v-if="data.link" :href="data.link.href">{{ data.link.label }}</a></div>
      <ul v-if="data.items.length" class="lb-list"><li v-for="item in data.items" :key="item.id"><lb-avatar :name="item.who" :photo="item.photo" size="small"/>
        <div class="lb-list-text"><strong style="font-weight: 650">{{ item.who }}</strong> <a v-if="item.href && !item.object" :href="item.href">{{ item.what }}</a><template v-else>{{ item.what }}</template><template v-if="item.object">: </template><a v-if="item.href && item.object" :href="item.href" style="font-weight: 650">{{ item.object }}</a><strong v-else-if="item.object" style="font-weight: 650">{{ item.object }}</strong><small><lb-time :value="item.at"/></small></div>
      </li></ul><p v-else class="lb-muted">{{ data.empty }}</p></section>`),

  people: base(`
    <ul class="lb-list lb-columns"><li v-for="item in data.items" :key="item.id"><lb-avatar :name="item.name" :photo="item.photo"/>
      <div class="lb-list-text"><a v-if="item.href" :href="item.href">{{ item.name }}</a><strong v-else>{{ item.name }}</strong><small>{{ item.detail }}</small></div><lb-chip v-if="item.chip" :label="item.chip.label" :tone="item.chip.tone"/></li></ul>`),

  facts: base(`<dl class="lb-facts"><div v-for="fact in data.facts" :key="fact.label"><dt>{{ fact.label }}</dt><dd><lb-cell :kind="fact.kind" :value="fact.value" :href="fact.href"/></dd></div></dl>`),

  around: base(`
    <nav class="lb-around" :aria-label="t('In the list')"><component :is="data.previous ? 'a' : 'span'" class="lb-tool" :href="data.previous || undefined" rel="prev" :aria-label="data.previous ? t('Previous in the list') : undefined" :title="data.previous ? t('Previous in the list') : undefined" :aria-hidden="data.previous ? undefined : 'true'"><lb-icon name="chevron_left"/></component>
      <span class="lb-numbers">{{ data.text }}</span><component :is="data.next ? 'a' : 'span'" class="lb-tool" :href="data.next || undefined" rel="next" :aria-label="data.next ? t('Next in the list') : undefined" :title="data.next ? t('Next in the list') : undefined" :aria-hidden="data.next ? undefined : 'true'"><lb-icon name="chevron_right"/></component></nav>`),

  letter: base(`
    <div class="lb-stack"><article class="lb-card lb-letter"><address><strong>{{ data.sender[0] }}</strong><span v-for="line in data.sender.slice(1)" :key="line">{{ line }}</span></address>
      <p>{{ day(data.day) }}</p><div class="lb-letter-text" contenteditable="plaintext-only" role="textbox" aria-multiline="true" :aria-label="t('Text of the letter')" spellcheck="true"><p class="lb-letter-subject">{{ data.subject }}</p><p v-for="(line, index) in data.text" :key="index">{{ line }}</p></div>
      <p class="lb-letter-sign">{{ data.signed }}</p></article>
    <div class="lb-actions no-print"><button type="button" class="lb-button lb-button-primary" @click="print"><lb-icon name="print"/>{{ t('Print') }}</button></div></div>`, { methods: { day, print() { window.print(); } } }),

  sheet: base(`
    <article class="lb-card lb-sheet" :class="{ 'lb-sheet-wide': data.wide }"><header><h2>{{ data.title }}</h2><p>{{ data.text }}</p>
      <button type="button" class="lb-button lb-button-primary no-print" @click="print"><lb-icon name="print"/>{{ t('Print') }}</button></header>
      <div class="lb-sheet-rows" role="region" :aria-label="data.title" tabindex="0"><table><thead><tr><th v-for="name in data.columns" :key="name" scope="col">{{ name }}</th></tr></thead>
        <tbody><tr v-for="(row, index) in data.rows" :key="index"><td v-for="(cell, at) in row" :key="at">{{ cell }}</td></tr></tbody></table></div></article>`, { methods: { print() { window.print(); } } }),

  timeline: base(`
    <ol v-if="data.entries.length" class="lb-timeline"><li v-for="entry in data.entries" :key="entry.id" :id="'activity-' + entry.id"><lb-tint :icon="entry.icon || 'edit'" :tone="entry.tone"/>
      <div class="lb-list-text"><strong v-if="entry.who" style="font-weight: 600">{{ entry.who }}</strong>{{ (entry.who ? " " : "") + entry.text }}
        <span v-for="change in entry.changes" :key="change.label" class="lb-change">{{ change.label }}: <s v-if="change.old">{{ change.old }}</s><span v-if="change.old" :aria-label="t('became')"> → </span>{{ change.new || t('removed') }}</span>
        <small><lb-time :value="entry.at"/></small></div></li></ol><p v-else class="lb-muted">{{ data.empty }}</p>`, { inheritAttrs: true }),

  checklist: base(`
    <section v-if="!gone" class="lb-card"><div class="lb-card-head"><h2>{{ data.title }}</h2><span class="lb-muted">{{ t('{done} of {count} done', { done, count: data.items.length }) }}</span><button v-if="data.dismissible" type="button" class="lb-tool" :aria-label="t('Hide this list')" @click="gone = true; act({ name: 'dismiss' })"><lb-icon name="close"/></button></div>
      <div class="lb-bar" role="progressbar" :aria-label="t('Progress')" aria-valuemin="0" :aria-valuenow="done" :aria-valuemax="data.items.length"><span :style="{ width: (100 * done) / data.items.length + '%' }"></span></div>
      <ul class="lb-list lb-columns" style="margin-top: 8px"><li v-for="item in data.items" :key="item.label"><lb-tint :icon="item.done ? 'check' : item.icon" :tone="item.done ? 'green' : 'grey'"/>
        <div class="lb-list-text"><span v-if="item.done" class="lb-done">{{ item.label }}</span><a v-else :href="item.href">{{ item.label }}</a><small v-if="item.detail && !item.done">{{ item.detail }}</small></div>
        <span v-if="item.done" class="lb-hidden">{{ t('done') }}</span><a v-else class="lb-button" :href="item.href" :aria-label="t('Open: {name}', { name: item.label })">{{ t('Open') }}</a></li></ul></section>`,
    { data: () => ({ gone: false }), computed: { done() { return this.data.items.filter((one) => one.done).length; } } }),

  empty: base(`
    <div class="lb-empty" :role="data.page ? 'alert' : undefined"><lb-tint :icon="data.icon" tone="brand"/><component :is="data.page ? 'h1' : 'h2'" :style="data.page ? 'font-size: 20px' : ''">{{ data.title }}</component><p>{{ data.text }}</p><p v-if="data.note" class="lb-muted">{{ data.note }}</p><lb-actions :actions="data.actions" :busy="busy" @choose="act"/></div>`),

  note: base(`<div :class="['lb-notebar', 'lb-tone-' + data.tone]" :role="data.tone === 'red' ? 'alert' : 'status'"><lb-icon :name="data.icon"/><span>{{ data.text }}</span><lb-actions :actions="data.actions" :busy="busy" @choose="act"/></div>`),

  actions: base(`<lb-actions :actions="data.actions" :busy="busy" @choose="act"/>`),

  copy: base(`<div class="lb-copy"><code tabindex="0" :aria-label="data.label">{{ data.text }}</code><button type="button" @click="take" :aria-label="t('Copy {name}', { name: data.label })">{{ taken ? t('Copied') : t('Copy') }}</button><span class="lb-hidden" role="status">{{ taken ? t('Copied') : '' }}</span></div>`,
    { data: () => ({ taken: false }), methods: { async take() { await copy(this.data.text); this.taken = true; setTimeout(() => (this.taken = false), 2500); } } }),

  segments: base(`<div class="lb-segments" role="group" :aria-label="data.label"><button v-for="one in data.options" :key="one.name" type="button" :aria-pressed="one.name === chosen" @click="choose(one)"><lb-icon v-if="one.icon" :name="one.icon"/>{{ one.label }}</button></div>`,
    { data() { return { chosen: this.data.chosen }; }, watch: { data(value) { this.chosen = value.chosen; } }, methods: { choose(one) { this.chosen = one.name; this.act({ name: "choose" }, one.name); } } }),

  skeleton: base(`<div :class="data.card && 'lb-card'" aria-busy="true" :aria-label="data.label || t('Loading')" role="status" style="display: grid; gap: 16px"><span v-for="line in data.lines" :key="line" class="lb-skeleton" :style="{ width: 96 - ((line * 29) % 47) + '%' }"></span></div>`),

  tabs: base(`
    <div style="width: 100%"><div class="lb-tabs" role="tablist" :aria-label="data.label" @keydown.right.prevent="move(onward('ArrowRight'))" @keydown.left.prevent="move(onward('ArrowLeft'))" @keydown.home.prevent="move('first')" @keydown.end.prevent="move('last')">
      <button v-for="tab in data.tabs" :key="tab.name" :id="data.id + '-' + tab.name" type="button" class="lb-tab" role="tab" :aria-selected="tab.name === chosen" :aria-controls="data.id + '-panel'" :tabindex="tab.name === chosen ? 0 : -1" @click="choose(tab)">{{ tab.label }}<span v-if="tab.count" class="lb-count">{{ tab.count }}</span></button></div>
      <div :id="data.id + '-panel'" class="lb-tab-panel" role="tabpanel" :aria-labelledby="data.id + '-' + chosen"><slot></slot></div></div>`,
    { data() { return { chosen: this.data.chosen }; }, watch: { "data.chosen"(value) { this.chosen = value; }, chosen() { this.$nextTick(this.reveal); } },
      mounted() { this.reveal(); },
      methods: {
        // Words of some languages are long: the open tab may lie beyond the edge of a phone.
        reveal() {
          const tab = document.getElementById(this.data.id + "-" + this.chosen), row = tab?.parentElement;
          if (row && row.scrollWidth > row.clientWidth) { const at = tab.getBoundingClientRect(), all = row.getBoundingClientRect(); row.scrollLeft += at.left + at.width / 2 - all.left - all.width / 2; }
        },
        onward,
        choose(tab) { if (tab.name === this.chosen) return; this.chosen = tab.name; this.act({ name: "choose" }, tab.name); },
        move(step) {
          const names = this.data.tabs.map((one) => one.name), at = names.indexOf(this.chosen);
          const next = this.data.tabs[step === "first" ? 0 : step === "last" ? names.length - 1 : (at + step + names.length) % names.length];
          this.choose(next); this.$nextTick(() => document.getElementById(this.data.id + "-" + next.name)?.focus());
        },
      } }),

  drop: base(`
    <div><div :class="['lb-drop', over && 'lb-drop-over']" @dragover.prevent="over = true" @dragleave="over = false" @drop.prevent="over = false; send($event.dataTransfer.files)">
      <lb-icon name="upload_file"/><strong>{{ data.label }}</strong><span class="lb-muted">{{ data.help }}</span>
      <button type="button" class="lb-button" :disabled="share !== null" @click="$refs.file.click()">{{ share === null ? t('Choose a file') : t('Sending, {share} %', { share }) }}</button>
      <input ref="file" type="file" class="lb-hidden" tabindex="-1" :aria-label="data.label" :accept="data.accept" @change="send($event.target.files); $event.target.value = ''"></div>
      <p v-if="error" class="lb-error" role="alert" style="margin-top: 6px"><lb-icon name="error"/>{{ error }}</p></div>`,
    { data: () => ({ over: false, share: null, error: "" }), methods: {
      async send([file]) {
        this.error = "";
        if (file?.size > this.data.limit) this.error = t("{name} is larger than {size}.", { name: file.name, size: Math.round(this.data.limit / 1048576) + " MB" });
        else if (file) await this.post(file);
        this.share = null;
      },
      post(file) {
        return new Promise((resolve) => {
          const request = new XMLHttpRequest(), form = new FormData();
          form.append("file", file);
          this.share = 0;
          request.upload.onprogress = (event) => { if (event.lengthComputable) this.share = Math.round((100 * event.loaded) / event.total); };
          request.onload = () => {
            let answer = {};
            try { answer = JSON.parse(request.responseText); } catch { /* not ours */ }
            if (request.status < 300) this.act({ name: "sent" }, { name: file.name.slice(0, 255) });
            else this.error = file.name + ": " + (answer.detail || t("It was not taken."));
            resolve();
          };
          request.onerror = () => { this.error = t("{name} could not be sent. Check the connection and try again.", { name: file.name }); resolve(); };
          request.open("POST", this.data.address);
          request.setRequestHeader("Accept", "application/json");
          request.send(form);
        });
      },
    } }),
  links: base(`
    <div class="lb-stack"><label v-if="data.search" class="lb-place-search"><lb-icon name="search"/><input v-model="text" type="search" :aria-label="data.search" :placeholder="data.search" data-filter></label>
      <ul v-if="found.length" class="lb-places"><li v-for="one in found" :key="one.href"><a class="lb-card lb-place" :href="one.href"><lb-tint :icon="one.icon" tone="brand"/><span class="lb-list-text"><strong>{{ one.label }}</strong><small>{{ one.detail }}</small></span></a></li></ul>
      <p v-else class="lb-muted" role="status">{{ t('Nothing is called “{text}”. Try another word.', { text }) }}</p></div>`,
    { data: () => ({ text: "" }), computed: { found() {
      const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
      return this.data.places.filter((one) => words.every((word) => (one.label + " " + one.detail + " " + one.words).toLowerCase().includes(word)));
    } } }),

  progress: base(`
    <div role="progressbar" :aria-label="data.label" aria-valuemin="0" aria-valuemax="100" :aria-valuenow="data.percent"><p style="margin-bottom: 8px">{{ data.label }}: {{ data.percent }} %</p>
      <div class="lb-bar"><span :style="{ width: data.percent + '%' }"></span></div></div>`),

  switches: base(`
    <ul class="lb-list"><li v-for="one in data.items" :key="one.name"><div class="lb-list-text"><strong :id="'lb-switch-' + one.name">{{ one.label }}</strong><small>{{ one.detail }}</small></div>
      <button type="button" role="switch" class="lb-switch" :aria-checked="String(one.on)" :aria-labelledby="'lb-switch-' + one.name" @click="act({ name: 'switch' }, { name: one.name, on: !one.on })"><span></span></button></li></ul>`),
};

export default {
  props: { kind: String, data: Object, busy: String },
  emits: ["act"],
  render() { return Vue.h(kinds[this.kind], { data: this.data, busy: this.busy, onAct: (event) => this.$emit("act", event) }, this.$slots); },
};
