// The menus of the editor offer only what the platform runs (docs/bpmn-extensions.md, the check's lists).
const NOT_RUN = /script|complex|ad-?hoc|compensation|multiple|choreography|conversation|data-|collapsed-pool|empty-pool|participant|create-group|instantiating/i;

class OnlyWhatRuns {
  static $inject = ['popupMenu'];

  constructor(popupMenu) {
    for (const menu of ['bpmn-replace', 'bpmn-append', 'bpmn-create']) popupMenu.registerProvider(menu, 100, this);
  }

  getPopupMenuEntries() {
    return (entries) =>
      Object.fromEntries(Object.entries(entries).filter(([id, entry]) => !NOT_RUN.test(id) && !NOT_RUN.test(entry.className ?? '')));
  }

  getPopupMenuHeaderEntries() {
    return (entries) => entries;
  }
}

/** Tasks of the two kinds that nearly every process is made of, instead of one without a kind. */
const TASKS = { 'bpmn:UserTask': '新建用户任务', 'bpmn:ServiceTask': '新建服务任务' };

class ShortPalette {
  static $inject = ['palette', 'create', 'elementFactory'];

  constructor(palette, create, elementFactory) {
    Object.assign(this, { create, elementFactory });
    palette.registerProvider(100, this);
  }

  getPaletteEntries() {
    return (entries) => {
      const kept = Object.entries(entries).filter(([id]) => !/data|group|participant/.test(id));
      return Object.fromEntries(kept.flatMap(([id, entry]) => (id === 'create.task' ? this.tasks() : [[id, entry]])));
    };
  }

  tasks() {
    return Object.entries(TASKS).map(([type, title]) => {
      const start = (event) => this.create.start(event, this.elementFactory.createShape({ type }));
      const icon = type === 'bpmn:UserTask' ? 'bpmn-icon-user-task' : 'bpmn-icon-service-task';
      return [`create.${type}`, { group: 'activity', className: icon, title, action: { click: start, dragstart: start } }];
    });
  }
}

export default {
  __init__: ['onlyWhatRuns', 'shortPalette'],
  onlyWhatRuns: ['type', OnlyWhatRuns],
  shortPalette: ['type', ShortPalette],
};
