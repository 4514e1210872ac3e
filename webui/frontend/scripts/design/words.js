// bpmn.io's own words in Chinese: the packages' translations, and what they leave out or say otherwise.
import bpmn from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';
import panel from 'bpmn-js-i18n-zh/lib/properties-panel/index.js';

const OURS = {
  'Ad-hoc sub-process': '即席子流程',
  'Align elements': '对齐元素',
  'Align elements ': '对齐元素',
  'Append element': '追加元素',
  'Append {type}': '追加{type}',
  'Boundary event': '边界事件',
  'Business rule task': '决策任务',
  'Business Rule Task': '决策任务',
  'Call activity': '调用活动',
  'Call Activity': '调用活动',
  'Change element': '更换类型',
  'Change type': '更换类型',
  Collaboration: '协作',
  'Conditional flow': '条件连线',
  Create: '新增',
  'Create element': '创建元素',
  'Create new list item': '新增一项',
  'Default flow': '默认出口',
  Delete: '删除',
  'Delete item': '删除',
  'Edit label': '改名称',
  'End Event': '结束事件',
  'Event Based Gateway': '事件网关',
  Events: '事件',
  'Exclusive Gateway': '排他网关',
  'Exclusive gateway': '排他网关',
  Gateways: '网关',
  'Inclusive Gateway': '包容网关',
  Lane: '泳道',
  'Manual Task': '手工任务',
  'Manual task': '手工任务',
  'Message Flow': '消息流',
  'Message Start Event': '消息开始事件',
  'Message Intermediate Catch Event': '消息等待事件',
  'Message Boundary Event': '消息边界事件',
  'Multiple elements are selected. Select a single element to edit its properties.': '选中了多个元素，请只选一个以编辑其属性',
  'No matches found': '没有匹配项',
  'Parallel Gateway': '并行网关',
  Process: '流程',
  'Search in diagram': '在图中查找',
  Search: '查找',
  'Section contains an error': '本节有错误',
  'Section contains edits': '本节有内容',
  'Select an element to edit its properties.': '选择一个元素以编辑其属性',
  'Sequence Flow': '连线',
  'Sequence flow': '普通连线',
  'Service Task': '服务任务',
  'Set color': '设置颜色',
  'Start Event': '开始事件',
  'Sub Process': '子流程',
  'Sub-processes': '子流程',
  Task: '任务',
  Tasks: '任务',
  'Text Annotation': '文字注释',
  'Timer Boundary Event': '定时边界事件',
  'Timer Boundary Event (Non Interrupting)': '定时边界事件（不中断）',
  'Timer Intermediate Catch Event': '定时等待事件',
  'Timer Start Event': '定时开始事件',
  'Toggle list item': '展开或折叠',
  'Toggle section': '展开或折叠',
  'User Task': '用户任务',
  'element {id}': '元素 {id}',
  'Type': '类型',
  'Loop': '循环',
  'Add text annotation': '加注释',
  'Add lane above': '在上方加泳道',
  'Add lane below': '在下方加泳道',
  'Divide into two lanes': '分为两条泳道',
  'Divide into three lanes': '分为三条泳道',
  'Connect to other element': '连到其他元素',
  'Activate hand tool': '移动画布',
  'Activate lasso tool': '框选',
  'Activate create/remove space tool': '增减空白',
  'Activate global connect tool': '连线',
};

const words = { ...bpmn, ...panel, ...OURS };

export function translate(text, replacements = {}) {
  const key = String(text);
  return (words[key] ?? key).replace(/{([^}]+)}/g, (_, name) => {
    const value = replacements[name] ?? `{${name}}`;
    return words[value] ?? value;
  });
}

export default { translate: ['value', translate] };
