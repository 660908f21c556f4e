// A live region: the next drawing stands beside the last one, and one property says which of them shows.
export default {
  props: { shown: Number },
  mounted() { this.reveal(); },
  updated() { this.reveal(); },
  methods: { reveal() { for (const one of this.$el.children) one.hidden = one.id !== "c" + this.shown; } },
  template: `<div class="lb-stack"><slot></slot></div>`,
};
