//! A form's controls for the fields of a schema.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    schema::{Field, Format, Kind},
    state::Draft,
    values::{Path, blank, fits, get, read, shown},
};
use crate::{
    i18n::Playground,
    ui::{Button, CONTROL_CLASS, CodeArea, SHORT_BUTTON_CLASS},
};

/// All fields of an object at `path`.
pub fn controls(draft: Draft, fields: &[Field], path: &Path) -> Vec<AnyView> {
    let at = |field: &Field| path.iter().cloned().chain([field.name.clone()]).collect::<Path>();
    fields.iter().map(|field| control(draft, field, &at(field))).collect()
}

fn control(draft: Draft, field: &Field, path: &Path) -> AnyView {
    let p = Playground::current();
    let id = id(path);
    let label =
        if field.label.is_empty() { path.last().cloned().unwrap_or_default() } else { field.label.clone() };
    let mark = field
        .required
        .then(|| view! { <span class="ml-1 font-normal text-ink-muted text-xs">{p.required}</span> });
    let hint = (!field.hint.is_empty()).then(|| {
        view! { <p id=format!("{id}-hint") class="text-ink-muted text-xs whitespace-pre-wrap break-words">{field.hint.clone()}</p> }
    });
    let there = draft.value.with_untracked(|value| get(value, path).is_some());
    let compound = matches!(field.kind, Kind::Object(_) | Kind::List(_) | Kind::Either(_));
    if compound {
        // Left out as a whole until somebody wants it.
        let switch = (!field.required).then(|| {
            let (field, path) = (field.clone(), path.clone());
            let press = move || draft.reshape(&path, (!there).then(|| blank(&field)));
            view! {
                <Button class=SHORT_BUTTON_CLASS on_press=press>
                    {if there { p.leave_out } else { p.add_object }}
                </Button>
            }
        });
        let inner = there.then(|| compound_control(draft, field, path));
        return view! {
            <fieldset class="flex flex-col gap-2 min-w-0" aria-describedby=format!("{id}-hint")>
                <legend class="font-medium">{label} {mark}</legend>
                {hint}
                <div>{switch}</div>
                {inner.map(|inner| view! { <div class="flex flex-col gap-3 pl-3 border-l border-line min-w-0">{inner}</div> })}
            </fieldset>
        }
        .into_any();
    }
    let input = simple(draft, field, path, &id, &label);
    view! {
        <div class="flex flex-col gap-1 min-w-0">
            <label class="font-medium" for=id>{label} {mark}</label>
            {input}
            {hint}
        </div>
    }
    .into_any()
}

fn compound_control(draft: Draft, field: &Field, path: &Path) -> AnyView {
    let p = Playground::current();
    match &field.kind {
        Kind::Object(fields) => controls(draft, fields, path).into_any(),
        Kind::List(item) => {
            let count = draft
                .value
                .with_untracked(|value| get(value, path).and_then(Value::as_array).map_or(0, Vec::len));
            let items = (0..count).map(|at| {
                let place: Path = path.iter().cloned().chain([at.to_string()]).collect();
                let mut one = (**item).clone();
                one.label = format!("{} {}", if one.label.is_empty() { "#" } else { &one.label }, at + 1);
                let inner = control(draft, &one, &place);
                view! {
                    <div class="flex gap-2 items-start">
                        <div class="grow min-w-0">{inner}</div>
                        <Button class=SHORT_BUTTON_CLASS on_press=move || draft.reshape(&place, None)>{p.remove_item}</Button>
                    </div>
                }
            });
            let (item, end): (Field, Path) =
                ((**item).clone(), path.iter().cloned().chain([count.to_string()]).collect());
            view! {
                {items.collect_view()}
                <div>
                    <Button class=SHORT_BUTTON_CLASS on_press=move || draft.reshape(&end, Some(blank(&item)))>{p.add_item}</Button>
                </div>
            }
            .into_any()
        }
        Kind::Either(forms) => {
            let value = draft.value.with_untracked(|value| get(value, path).cloned()).unwrap_or_default();
            let chosen = forms.iter().position(|form| fits(form, &value)).unwrap_or_default();
            let options = forms.iter().enumerate().map(|(at, form)| {
                view! { <option value=at.to_string() selected=at == chosen>{form.label.clone()}</option> }
            });
            let (all, place) = (forms.clone(), path.clone());
            let choose = move |event| {
                let form = event_target_value(&event).parse::<usize>().ok().and_then(|at| all.get(at));
                draft.reshape(&place, form.map(blank));
            };
            let form = forms.get(chosen);
            let inner = form.map(|form| match &form.kind {
                Kind::Object(_) | Kind::List(_) | Kind::Either(_) => compound_control(draft, form, path),
                _ => simple(draft, form, path, &id(path), &form.label),
            });
            view! {
                <select class=CONTROL_CLASS aria-label=p.form_of on:change=choose>{options.collect_view()}</select>
                {inner}
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

fn simple(draft: Draft, field: &Field, path: &Path, id: &str, label: &str) -> AnyView {
    let p = Playground::current();
    let text = draft.value.with_untracked(|value| shown(field, get(value, path)));
    let typed = {
        let (field, path) = (field.clone(), path.clone());
        move |text: String| draft.type_in(&path, read(&field, &text))
    };
    let (id, described) = (id.to_owned(), format!("{id}-hint"));
    let choices: Vec<(String, String)> = match &field.kind {
        Kind::Choice(values) => {
            values.iter().enumerate().map(|(at, (_, name))| (at.to_string(), name.clone())).collect()
        }
        Kind::Boolean => ["true", "false"].map(|word| (word.to_owned(), word.to_owned())).to_vec(),
        Kind::Json => {
            return view! { <CodeArea id=id label=label.to_owned() text=text rows=4 on_input=typed /> }
                .into_any();
        }
        _ => Vec::new(),
    };
    if !choices.is_empty() {
        let none = (!field.required).then(|| view! { <option value="">{p.not_given}</option> });
        let options = choices.into_iter().map(|(value, name)| {
            let selected = value == text;
            view! { <option value=value selected=selected>{name}</option> }
        });
        return view! {
            <select
                class=CONTROL_CLASS
                id=id
                aria-describedby=described
                on:change=move |event| typed(event_target_value(&event))
            >
                {none}
                {options.collect_view()}
            </select>
        }
        .into_any();
    }
    let (kind, step, min, max, most) = match &field.kind {
        Kind::Number { whole, min, max } => {
            let bound = |n: &Option<f64>| n.map(|n| n.to_string());
            ("number", Some(if *whole { "1" } else { "any" }), bound(min), bound(max), None)
        }
        Kind::Text { format, max } => {
            let kind = match format {
                Format::Plain => "text",
                Format::Date => "date",
                Format::DateTime => "datetime-local",
                Format::Email => "email",
                Format::Uri => "url",
            };
            (kind, (kind == "datetime-local").then_some("1"), None, None, max.map(|max| max.to_string()))
        }
        _ => ("text", None, None, None, None),
    };
    view! {
        <input
            class=CONTROL_CLASS
            id=id
            type=kind
            step=step
            min=min
            max=max
            maxlength=most
            // An empty text may be what is meant; an empty number cannot be.
            required=field.required && kind != "text"
            autocomplete="off"
            aria-describedby=described
            prop:value=text
            on:input=move |event| typed(event_target_value(&event))
        />
    }
    .into_any()
}

fn id(path: &Path) -> String {
    format!("argument-{}", path.join("-").replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
}
