//! A choice among few or among thousands: few are a list, more are a field that offers what fits what is
//! typed. Without WASM it offers the first, and takes whatever is typed.

use std::{future::Future, pin::Pin};

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Failure, FilterChoice, FilterText, SelectField, TextField};
use crate::{error::AppError, i18n::text};

/// Values with their labels, and whether there are more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    pub items: Vec<(String, String)>,
    pub more: bool,
}

/// Asks for those that fit some letters.
pub type Find = fn(String) -> Pin<Box<dyn Future<Output = Result<Choices, AppError>>>>;

#[component]
pub fn ChoiceField(
    failure: Failure,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Choices,
    find: Find,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    if !choices.more {
        return view! {
            <SelectField failure=failure name=name label=label options=choices.items value=value hint=hint />
        }
        .into_any();
    }
    let list = format!("{}-list", failure.id(&name));
    let hint = if hint.is_empty() { text().choose_typed.to_owned() } else { hint };
    let field = view! {
        <TextField
            failure=failure
            name=name
            label=label
            value=value
            hint=hint
            placeholder=placeholder
            list=list.clone()
            required=required
        />
    };
    offered(list, choices.items, find, field.into_any())
}

/// The same above a page that shows what was chosen.
#[component]
pub fn FilterOffer(
    name: &'static str,
    #[prop(into)] label: String,
    choices: Choices,
    find: Find,
    #[prop(into)] value: String,
) -> impl IntoView {
    if !choices.more {
        return view! { <FilterChoice name=name label=label value=value options=choices.items must=true /> }
            .into_any();
    }
    let list = format!("{name}-list");
    let field = view! { <FilterText name=name label=label value=value list=list.clone() /> };
    offered(list, choices.items, find, field.into_any())
}

/// A field with what is offered for it; `list` is what the field calls it.
fn offered(list: String, first: Vec<(String, String)>, find: Find, field: AnyView) -> AnyView {
    let typed = StoredValue::new(String::new());
    let options = RwSignal::new(first);
    let ask = move |event: leptos::ev::Event| {
        let wanted = event_target_value(&event);
        typed.set_value(wanted.clone());
        leptos::task::spawn_local(async move {
            let found = find(wanted.clone()).await;
            // Only what stands in the field counts.
            if typed.try_get_value() == Some(wanted)
                && let Ok(found) = found
            {
                options.set(found.items);
            }
        });
    };
    let rows = move || {
        let row = |(value, label)| view! { <option value=value>{label}</option> };
        options.get().into_iter().map(row).collect_view()
    };
    view! {
        <div class="contents" on:input=ask>
            {field}
            <datalist id=list>{rows}</datalist>
        </div>
    }
    .into_any()
}
