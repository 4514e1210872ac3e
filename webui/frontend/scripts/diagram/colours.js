// Colours as CSS variables: the theme changes without drawing again, and print is always light.
const FONT = '"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';

export const colours = {
  bpmnRenderer: {
    defaultFillColor: 'var(--b-fill)',
    defaultStrokeColor: 'var(--b-stroke)',
    defaultLabelColor: 'var(--b-text)',
  },
  textRenderer: {
    defaultStyle: { fontFamily: FONT, fontSize: 13, lineHeight: 1.25 },
    externalStyle: { fontSize: 12, lineHeight: 1.25 },
  },
};
