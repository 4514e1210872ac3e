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

class ShortPalette {
  static $inject = ['palette'];

  constructor(palette) {
    palette.registerProvider(100, this);
  }

  getPaletteEntries() {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => !/data|group|participant/.test(id)));
  }
}

export default {
  __init__: ['onlyWhatRuns', 'shortPalette'],
  onlyWhatRuns: ['type', OnlyWhatRuns],
  shortPalette: ['type', ShortPalette],
};
