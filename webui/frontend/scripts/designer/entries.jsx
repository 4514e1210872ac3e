// The fields of the panel: what a group lists are plain objects {id, component, label, get, set, …}.
// The components stay the same functions, else a field would lose the focus while one types in it.
import {
  CheckboxEntry,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';

function shared({ id, element, label, description, get, set, disabled, tooltip }) {
  return {
    id,
    element,
    label,
    description,
    disabled,
    tooltip,
    getValue: () => get() ?? '',
    setValue: (value) => set(value ?? ''),
  };
}

function Text(props) {
  return <TextFieldEntry {...shared(props)} debounce={useService('debounceInput')} validate={props.validate} />;
}

function Area(props) {
  return (
    <TextAreaEntry {...shared(props)} debounce={useService('debounceInput')} monospace={props.feel} autoResize rows={props.rows ?? 1} />
  );
}

function Select(props) {
  return <SelectEntry {...shared(props)} getOptions={() => props.options()} />;
}

function Check(props) {
  return <CheckboxEntry {...shared(props)} getValue={() => Boolean(props.get())} />;
}

export const text = (id, label, get, set, more = {}) => ({
  id, label, get, set, ...more, component: Text, isEdited: isTextFieldEntryEdited,
});

/** Several lines. */
export const area = (id, label, get, set, more = {}) => ({
  id, label, get, set, ...more, component: Area, isEdited: isTextAreaEntryEdited,
});

/** A FEEL expression; the server's check says what is wrong with it. */
export const feel = (id, label, get, set, more = {}) => area(id, label, get, set, { feel: true, ...more });

/** options: [[value, label], …], or a function that gives them. What is set and not among them is shown too. */
export function select(id, label, get, set, options, more = {}) {
  const listed = () => {
    const given = (typeof options === 'function' ? options() : options).map(([value, name]) => ({ value, label: name }));
    const now = get() ?? '';
    return given.some((one) => one.value === now) ? given : [...given, { value: now, label: `${now}（不存在）` }];
  };
  return { id, label, get, set, ...more, options: listed, component: Select, isEdited: isSelectEntryEdited };
}

export const check = (id, label, get, set, more = {}) => ({
  id, label, get, set, ...more, component: Check, isEdited: isCheckboxEntryEdited,
});
