// Groups of the panel for the process as a whole and its lanes: what the matter is, who works in a lane.
import { ListGroup } from '@bpmn-io/properties-panel';
import { check, select, text } from './entries.jsx';
import { objectOf } from './model.js';

const TYPES = [
  ['', '（未说明）'], ['text', '文字'], ['number', '数字'], ['boolean', '是或否'], ['date', '日期'],
  ['moment', '日期时间'], ['list', '列表'], ['context', '一组值'], ['any', '任意'],
];
const TOLD = new Set(['code', 'name', 'group', 'stages', 'position', 'documents', 'opens_in']);

export function processGroups(element, model, choices) {
  const process = model.process();
  return [matter(element, model, process, choices), ...stages(element, model, process, choices),
    others(element, model, process), variables(element, model, process)].filter(Boolean);
}

const valueOf = (model, process, name) => () => model.named(process, 'fd:Property', name)?.get('value') ?? '';
const writeTo = (element, model, process, name) => (value) => model.setNamed(element, process, 'fd:Property', name, value);

function matter(element, model, process, choices) {
  const field = (name, label, more) =>
    text(`fd-property-${name}`, label, valueOf(model, process, name), writeTo(element, model, process, name), more);
  return {
    id: 'fd-matter',
    label: '事项',
    entries: [
      field('code', '事项编号', { description: '例如 M01；不填则不是事项，不出现在事项页' }),
      field('name', '事项名称'),
      select('fd-property-group', '分组', valueOf(model, process, 'group'), writeTo(element, model, process, 'group'), [
        ['', '（未选择）'], ...choices.groups,
      ]),
      field('position', '组内顺序', { description: '整数，小的在前' }),
      field('documents', '文书代码', { description: '例如 D001 D002，用空格分开' }),
    ],
  };
}

function stages(element, model, process, choices) {
  if (!valueOf(model, process, 'code')()) return [];
  return [['stages', '办理阶段'], ['opens_in', '进入阶段时自动发起']].map(([name, label]) => ({
    id: `fd-${name}`,
    label,
    entries: choices.stages.map(([stage, title]) => {
      const held = () => valueOf(model, process, name)().split(/\s+/).filter(Boolean);
      const write = (on) => {
        const next = choices.stages.map(([one]) => one).filter((one) => (one === stage ? on : held().includes(one)));
        writeTo(element, model, process, name)(next.join(' '));
      };
      return check(`fd-${name}-${stage}`, title, () => held().includes(stage), write);
    }),
  }));
}

/** What a court has added of its own. */
function others(element, model, process) {
  const held = model.extensions(process, 'fd:Property').filter((one) => !TOLD.has(one.get('name')));
  if (!held.length) return null;
  return {
    id: 'fd-others',
    label: '其他性质',
    entries: held.map((one) => text(`fd-property-${one.get('name')}`, one.get('name'),
      valueOf(model, process, one.get('name')), writeTo(element, model, process, one.get('name')))),
  };
}

function variables(element, model, process) {
  const held = () => model.extensions(process, 'fd:Variable');
  const write = (made) => model.setExtensions(element, process, 'fd:Variable', made);
  const changed = (index, property, value) => write(held().map((one, at) => {
    if (at !== index) return one;
    const now = { name: one.get('name'), title: one.get('title'), type: one.get('type') };
    return model.create('fd:Variable', { ...now, [property]: value || undefined });
  }));
  const items = held().map((one, index) => ({
    id: `fd-variable-${index}`,
    label: one.get('title') || one.get('name') || '（未命名）',
    entries: [
      text(`fd-variable-${index}-name`, '变量名', () => held()[index]?.get('name'), (value) => changed(index, 'name', value)),
      text(`fd-variable-${index}-title`, '名称', () => held()[index]?.get('title'), (value) => changed(index, 'title', value)),
      select(`fd-variable-${index}-type`, '类型', () => held()[index]?.get('type'), (value) => changed(index, 'type', value), TYPES),
    ],
    remove: (event) => {
      event.stopPropagation();
      write(held().filter((_, at) => at !== index));
    },
  }));
  const add = (event) => {
    event.stopPropagation();
    write([...held(), model.create('fd:Variable', { name: `变量${held().length + 1}` })]);
  };
  return { id: 'fd-variables', label: '启动时带入的数据', component: ListGroup, items, add };
}

export function lane(element, model, choices) {
  const object = objectOf(element);
  return {
    id: 'fd-lane',
    label: '岗位',
    shouldOpen: true,
    entries: [select('fd-lane-role', '岗位', () => object.get('name'), (value) => model.set(element, { name: value }), [
      ['', '（未选择）'], ...choices.roles.map((one) => [one, one]), ['平台', '平台（自动完成，无人办理）'],
    ], { description: '泳道内的任务由这个岗位的人办理' })],
  };
}
