// A dialog or a drawer from the right that holds elements; the browser keeps the focus inside and gives it back.
import { modal } from "layers";
import { shared } from "logbook";

export default {
  components: shared,
  props: { title: String, side: Boolean, wide: Boolean, uid: String },
  emits: ["act"],
  mounted() { this.back = document.activeElement; this.left = modal(this.$el); },
  unmounted() { this.left(); },
  methods: {
    shut() { this.$el.close(); },
    closed(event) { if (event.target === this.$el) { this.back?.isConnected && this.back.focus(); this.$emit("act", { name: "closed" }); } },
  },
  template: `
  <dialog :class="['lb-dialog', side && 'lb-dialog-side', wide && 'lb-dialog-wide']" :aria-labelledby="uid" @close="closed" @keydown.esc.stop>
    <div class="lb-dialog-head"><h2 :id="uid">{{ title }}</h2><button type="button" class="lb-tool" :aria-label="t('Close')" @click="shut"><lb-icon name="close"/></button></div>
    <div class="lb-dialog-body"><slot></slot></div>
  </dialog>`,
};
