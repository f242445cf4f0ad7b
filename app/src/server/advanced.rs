//! The part of a server's form that most servers can do without.

use domain::server::{ServerForm, Sharing};
use leptos::prelude::*;

use crate::{
    i18n::text,
    ui::{CheckField, Failure, SelectField, TextField},
};

const FIELDS: [&str; 7] = [
    "alias",
    "sharing",
    "sleep_after_minutes",
    "memory_mb",
    "connect_seconds",
    "initialize_seconds",
    "total_seconds",
];

/// Open where something of it was set, or has to be corrected.
#[component]
pub fn Advanced(
    failure: Failure,
    form: ServerForm,
    /// Whether it is a project's, with a prefix for its tools.
    prefixed: bool,
) -> impl IntoView {
    let t = text();
    let usual = form.unprefixed.is_none()
        && [
            &form.sleep_after_minutes,
            &form.memory_mb,
            &form.connect_seconds,
            &form.initialize_seconds,
            &form.total_seconds,
        ]
        .into_iter()
        .all(|text| text.is_empty())
        && matches!(form.sharing.as_str(), "" | "shared");
    let faulty = move || {
        failure
            .error
            .with(|error| error.as_ref().is_some_and(|e| FIELDS.iter().any(|name| e.field(name).is_some())))
    };
    let sharing = Sharing::ALL
        .iter()
        .map(|sharing| (sharing.name().to_owned(), t.sharing(*sharing).to_owned()))
        .collect();
    view! {
        <details class="border border-line rounded-[10px]" open=move || !usual || faulty()>
            <summary class="px-3 py-2 font-medium cursor-pointer hover:bg-surface-sunken">{t.advanced}</summary>
            <div class="p-3 flex flex-col gap-4 border-t border-line">
                {prefixed.then(|| prefix(failure, form.alias, form.unprefixed.is_some()))}
                <div class="flex flex-col gap-4" data-panel="stdio">
                    <SelectField
                        failure=failure
                        name="sharing"
                        label=t.sharing_label
                        hint=t.sharing_hint
                        options=sharing
                        value=form.sharing
                    />
                    <TextField
                        failure=failure
                        name="sleep_after_minutes"
                        label=t.sleep_after
                        value=form.sleep_after_minutes
                        hint=t.sleep_after_hint
                        kind="number"
                    />
                    <TextField
                        failure=failure
                        name="memory_mb"
                        label=t.memory
                        value=form.memory_mb
                        hint=t.memory_hint
                        kind="number"
                    />
                </div>
                <TextField
                    failure=failure
                    name="connect_seconds"
                    label=t.connect_seconds
                    value=form.connect_seconds
                    hint=t.connect_seconds_hint
                    kind="number"
                />
                <TextField
                    failure=failure
                    name="initialize_seconds"
                    label=t.initialize_seconds
                    value=form.initialize_seconds
                    hint=t.initialize_seconds_hint
                    kind="number"
                />
                <TextField
                    failure=failure
                    name="total_seconds"
                    label=t.total_seconds
                    value=form.total_seconds
                    hint=t.total_seconds_hint
                    kind="number"
                />
            </div>
        </details>
    }
}

/// What stands before the names of its tools.
pub fn prefix(failure: Failure, alias: String, unprefixed: bool) -> AnyView {
    let t = text();
    view! {
        <TextField failure=failure name="alias" label=t.alias value=alias hint=t.alias_hint />
        <CheckField
            failure=failure
            name="unprefixed"
            label=t.unprefixed
            hint=t.unprefixed_hint
            checked=unprefixed
        />
    }
    .into_any()
}
