// Month, week - three days on a phone - and agenda by EventCalendar, in the colours of the theme; what lies in it are links, and keys move them.
import { onward, shared, settings, t } from "logbook";

const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", days: "timeGridDay", agenda: "listMonth" };
const CLOCK = { timeStyle: "short" }; // as everywhere
const WEEKS = 5; // so many the agenda shows, from its day on: a whole month, when it begins with one
const DAYS = 3; // so many of a week can be read on a phone, from their first one on
const LABELS = { month: t("Month"), week: t("Week"), days: t("3 days"), agenda: t("Agenda") };
const TURNS = { month: 0, week: 7, days: DAYS, agenda: WEEKS * 7 };
const phone = matchMedia("(max-width: 639px)");
const fitting = (view) => (view === (phone.matches ? "week" : "days") ? (phone.matches ? "days" : "week") : view);
const iso = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString();
const day = (date) => iso(date).slice(0, 10);
// What lies in it is on the clock of the reader's zone, and so is today, whatever zone his device is in.
const wall = () => new Date(new Date().toLocaleString("sv-SE", { timeZone: settings.zone }).replace(" ", "T"));
const offset = () => new Intl.DateTimeFormat("en", { timeZone: settings.zone, timeZoneName: "longOffset" }).formatToParts().find((part) => part.type === "timeZoneName").value.slice(3) || "+00:00";
let loading;

function library([script, style]) {
  return (loading ||= new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style }));
    const tag = Object.assign(document.createElement("script"), { src: script, onload: () => done(window.EventCalendar), onerror: () => { loading = null; failed(new Error(t("The calendar could not be loaded."))); } });
    document.head.append(tag);
  }));
}

export default {
  components: shared,
  props: { label: String, view: String, on: String, events: Array, movable: Boolean, library: Array },
  emits: ["act"],
  data() { return { shown: VIEWS[this.view] ? fitting(this.view) : phone.matches ? "agenda" : "month", narrow: phone.matches, title: "", said: "" }; },
  computed: { labels() { const { [this.narrow ? "week" : "days"]: _, ...labels } = LABELS; return labels; } },
  watch: { events: { handler() { this.calendar?.setOption("events", this.copies()); } } },
  async mounted() {
    phone.addEventListener("change", this.resized);
    const EventCalendar = await library(this.library);
    if (!this.$refs.box) return;
    this.calendar = EventCalendar.create(this.$refs.box, {
      view: VIEWS[this.shown], date: this.on || day(wall()), timeZone: offset(), views: { timeGridDay: { duration: { days: DAYS }, dayHeaderFormat: { weekday: "short", day: "numeric" }, titleFormat: { year: "numeric", month: "short", day: "numeric" } }, listMonth: { duration: { days: WEEKS * 7 }, titleFormat: { year: "numeric", month: "short", day: "numeric" } } }, locale: settings.locale, firstDay: this.firstDay(), headerToolbar: { start: "", center: "", end: "" }, height: "auto", dayMaxEvents: 4,
      editable: this.movable, eventStartEditable: this.movable, eventDurationEditable: false, events: this.copies(), nowIndicator: true, slotMinTime: "06:00", slotMaxTime: "24:00", scrollTime: "07:00",
      eventTimeFormat: CLOCK, slotLabelFormat: CLOCK, eventContent: (info) => ({ domNodes: [this.link(info)] }),
      eventClassNames: ({ event }) => ["lb-event", "lb-tone-" + event.extendedProps.tone, event.extendedProps.done && "lb-event-done"].filter(Boolean),
      allDayContent: t("all day"), buttonText: (texts) => ({ ...texts, close: t("Close") }), noEventsContent: t("Nothing in these weeks."), moreContent: (info) => t("+{count} more", { count: info.num }),
      datesSet: (info) => this.ranged(info), viewDidMount: () => this.mend(), eventAllUpdated: () => this.mend(),
      eventDrop: ({ event }) => this.moved(event, event.start, event.allDay),
    });
  },
  unmounted() { phone.removeEventListener("change", this.resized); if (this.calendar) window.EventCalendar.destroy(this.calendar); this.calendar = null; },
  methods: {
    copies() { return this.events.map((event) => ({ ...event, extendedProps: { ...event.extendedProps } })); },
    firstDay() { try { const locale = new Intl.Locale(settings.locale); return (locale.weekInfo ?? locale.getWeekInfo?.())?.firstDay % 7; } catch { return 1; } },
    // Its roles make no whole table, and its days are headings of a level that leaves one out: readers are better off without.
    mend() {
      requestAnimationFrame(() => {
        for (const one of this.$refs.box?.querySelectorAll(".ec-no-events") || []) one.setAttribute("role", "listitem"); // a list holds nothing else
        for (const one of this.$refs.box?.querySelectorAll("[role=table],[role=row],[role=rowgroup],[role=cell],[role=columnheader],[role=rowheader]") || []) for (const name of ["role", "aria-colindex", "aria-rowindex", "aria-colspan"]) one.removeAttribute(name);
        for (const one of this.$refs.box?.querySelectorAll("h4") || []) { one.setAttribute("role", "heading"); one.setAttribute("aria-level", "3"); }
      });
    },
    link({ event, timeText }) {
      const text = document.createElement("a"), href = event.extendedProps.href;
      if (/^\/(?!\/)/.test(href)) text.href = href;
      text.draggable = false;
      if (timeText && !event.allDay) { const time = document.createElement("span"); time.className = "lb-event-time"; time.textContent = (event.extendedProps.ends ? timeText : this.clock(event.start)) + " "; text.append(time); }
      text.append(document.createTextNode(event.title));
      text.dataset.event = event.id;
      text.addEventListener("keydown", (key) => this.step(key, event));
      return text;
    },
    clock(when) { return new Intl.DateTimeFormat(settings.locale, CLOCK).format(when); }, // what has no end is at a time, not from one to another
    step(key, event) {
      const days = onward(key.key) || { ArrowUp: -7, ArrowDown: 7 }[key.key];
      if (!key.altKey || !days || !this.movable || event.startEditable === false) return;
      key.preventDefault();
      const start = new Date(event.start);
      start.setDate(start.getDate() + days);
      this.again = event.id;
      this.moved(event, start, event.allDay);
    },
    moved(event, start, allDay) {
      this.$emit("act", { name: "move", key: { id: event.id, start: iso(start).slice(0, 19), all_day: allDay } });
      this.said = event.title + ": " + new Intl.DateTimeFormat(settings.locale, { weekday: "long", day: "numeric", month: "long" }).format(start);
    },
    ranged(info) {
      const view = this.calendar?.getView() ?? info.view;
      const on = this.calendar ? day(this.calendar.getOption("date")) : this.on || day(wall());
      this.title = view.title;
      this.mend();
      this.$emit("act", { name: "range", key: { view: Object.keys(VIEWS).find((name) => VIEWS[name] === view.type), on, first: day(info.start), until: day(info.end) } });
    },
    resized() { this.narrow = phone.matches; if (fitting(this.shown) !== this.shown) this.show(fitting(this.shown)); },
    show(name) { this.shown = name; this.calendar?.setOption("view", VIEWS[name]); },
    // The day by which all views agree: today where it is shown, else the first that is; the agenda and a few days begin with it.
    turn(way) {
      const step = (date, by) => new Date(date.getFullYear(), date.getMonth() + (this.shown === "month" ? by : 0), date.getDate() + TURNS[this.shown] * by);
      const first = step(this.calendar.getView().currentStart, way), now = wall();
      this.calendar.setOption("date", day(["month", "week"].includes(this.shown) && first <= now && now < step(first, 1) ? now : first));
    },
    today() { this.calendar?.setOption("date", day(wall())); },
  },
  updated() { if (this.again) { const id = this.again; requestAnimationFrame(() => { const link = this.$el.querySelector('[data-event="' + CSS.escape(id) + '"]'); if (link) { link.focus(); this.again = null; } }); } },
  template: `
  <section class="lb-card lb-calendar" :aria-label="label">
    <div class="lb-calendar-bar">
      <button type="button" class="lb-tool" :aria-label="t('Earlier')" @click="calendar && turn(-1)"><lb-icon name="chevron_left"/></button><button type="button" class="lb-tool" :aria-label="t('Later')" @click="calendar && turn(1)"><lb-icon name="chevron_right"/></button>
      <button type="button" class="lb-button lb-button-small" @click="today">{{ t('Today') }}</button><h2 aria-live="polite">{{ title }}</h2>
      <div class="lb-segments" role="group" :aria-label="t('View')"><button v-for="(text, name) in labels" :key="name" type="button" :aria-pressed="shown === name" @click="show(name)">{{ text }}</button></div>
    </div>
    <div ref="box"></div>
    <p class="lb-hidden" role="status" aria-live="polite">{{ said }}</p>
  </section>`,
};
