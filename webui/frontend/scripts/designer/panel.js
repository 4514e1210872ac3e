// Our properties panel: which groups an element has. None of its fields is run in the browser.
import { area, text } from './entries.jsx';
import { condition, trigger } from './flows.js';
import { Model, is, isAny, objectOf } from './model.js';
import { lane, processGroups } from './process.js';
import { businessRuleTask, calledProcess, documentation, repeated, serviceTask, userTask } from './tasks.js';

/** What may be chosen: operations, roles, forms, decisions; the page fetches it before the diagram opens. */
export const choices = { operations: [], roles: [], forms: [], decisions: [], groups: [], stages: [] };

const IS_ID = /^[A-Za-z_\u4e00-\u9fff][\w.\-\u4e00-\u9fff]*$/;

class Panel {
  static $inject = ['propertiesPanel', 'fenduanModel'];

  constructor(panel, model) {
    this.model = model;
    panel.registerProvider(500, this);
  }

  getGroups(element) {
    return (groups) => [...groups, ...this.groups(element).flat().filter(Boolean)];
  }

  groups(element) {
    const { model } = this;
    if (isAny(element, ['bpmn:Process', 'bpmn:Collaboration'])) {
      return [general(element, model), processGroups(element, model, choices), documentation(element, model)];
    }
    if (is(element, 'bpmn:Lane')) return [lane(element, model, choices), documentation(element, model)];
    if (is(element, 'bpmn:TextAnnotation')) {
      const object = objectOf(element);
      return [{ id: 'fd-note', label: '注释', shouldOpen: true, entries: [
        area('fd-note-text', '文字', () => object.get('text'), (value) => model.modeling.updateLabel(element, value), { rows: 3 }),
      ] }];
    }
    return [
      general(element, model),
      is(element, 'bpmn:UserTask') && userTask(element, model, choices),
      is(element, 'bpmn:ServiceTask') && serviceTask(element, model, choices),
      is(element, 'bpmn:BusinessRuleTask') && businessRuleTask(element, model, choices),
      is(element, 'bpmn:CallActivity') && calledProcess(element, model),
      is(element, 'bpmn:SequenceFlow') && condition(element, model),
      isAny(element, ['bpmn:Event', 'bpmn:SendTask', 'bpmn:ReceiveTask']) && trigger(element, model),
      is(element, 'bpmn:Activity') && repeated(element, model),
      documentation(element, model),
    ];
  }
}

function general(element, model) {
  const isRoot = isAny(element, ['bpmn:Process', 'bpmn:Collaboration']);
  const object = isRoot ? model.process() : objectOf(element);
  const rename = (value) => {
    if (isRoot) model.change(element, [[object, { name: value || undefined }]]);
    else model.modeling.updateLabel(element, value);
  };
  const identify = (value) => {
    if (IS_ID.test(value) && !model.registry.get(value)) model.set(element, { id: value });
  };
  const entries = [
    area('fd-name', '名称', () => object.get('name'), rename),
    text('fd-id', '标识', () => object.get('id'), identify, {
      disabled: isRoot,
      description: isRoot ? '流程的标识不能修改' : '',
      validate: (value) => (IS_ID.test(value ?? '') ? null : '请以文字或字母开头，只用文字、字母、数字、下划线'),
    }),
  ];
  return { id: 'fd-general', label: '基本信息', shouldOpen: true, entries };
}

export default {
  __init__: ['fenduanPanel'],
  fenduanModel: ['type', Model],
  fenduanPanel: ['type', Panel],
};
