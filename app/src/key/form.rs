//! The form of a key: one for making and for editing.

use domain::{
    key::{CHOSEN, KEEP, KeyForm, KeyScope, ON_DATE},
    server::Server,
};
use leptos::prelude::*;

use super::{api::SaveKey, page::lifetimes};
use crate::{
    i18n::{Keys, text},
    ui::{Failure, FormError, LinkButton, SelectField, Submit, TextField},
};

const CHOICE_CLASS: &str = "flex items-start gap-2 px-3 py-1.5 border border-line rounded-md cursor-pointer";

/// `key` is the id of the one to edit, `kept` its end in words.
#[component]
pub fn FormView(
    project: String,
    #[prop(optional_no_strip)] key: Option<String>,
    form: KeyForm,
    #[prop(optional_no_strip)] kept: Option<String>,
    servers: Vec<Server>,
    action: ServerAction<SaveKey>,
    failure: Failure,
) -> impl IntoView {
    let (t, k) = (text(), Keys::current());
    let save = if key.is_some() { t.save } else { t.create_key };
    let back = format!("/projects/{project}/keys");
    let keep = kept.map(|kept| (KEEP.to_owned(), t.with(k.keep, &kept)));
    let mut ends: Vec<_> = keep.into_iter().chain(lifetimes()).collect();
    ends.insert(ends.len() - 1, (ON_DATE.to_owned(), k.on_date.to_owned()));
    view! {
        <ActionForm action=action>
            <div class="flex flex-col gap-4 max-w-[680px]">
                <FormError failure=failure />
                <input type="hidden" name="project" value=project />
                <input type="hidden" name="key" value=key.unwrap_or_default() />
                <input type="hidden" name=failure.name("kept") value=form.kept />
                <TextField failure=failure name="name" label=t.name value=form.name hint=t.key_name_hint required=true />
                <div class="grid gap-3 md:grid-cols-2 items-start">
                    <SelectField failure=failure name="expires" label=t.expires options=ends value=form.expires />
                    <div data-panel="date">
                        <TextField failure=failure name="expires_on" label=k.last_day value=form.expires_on kind="date" />
                    </div>
                </div>
                <Reach failure=failure reach=form.reach chosen=form.servers servers=servers />
                <Scope failure=failure scope=form.scope />
                <TextField
                    failure=failure
                    name="calls_per_minute"
                    label=k.limit
                    value=form.calls_per_minute
                    hint=k.limit_hint
                    kind="number"
                />
                <div class="flex gap-2 flex-wrap">
                    <Submit label=save pending=failure.pending />
                    <LinkButton href=back>{t.cancel}</LinkButton>
                </div>
            </div>
        </ActionForm>
    }
}

/// All servers, or the ticked ones. Which of the two counts follows by style alone, as in the form of
/// a server.
#[component]
fn Reach(failure: Failure, reach: String, chosen: Vec<String>, servers: Vec<Server>) -> impl IntoView {
    let k = Keys::current();
    let is_chosen = reach == CHOSEN;
    let fault = failure.of("servers");
    let name = failure.name("servers");
    let none = servers.is_empty().then(|| view! { <p class="text-ink-muted">{k.no_servers}</p> });
    let boxes = servers
        .into_iter()
        .map(|server| {
            let id = server.id.to_string();
            let checked = chosen.contains(&id);
            view! {
                <label class="flex items-center gap-2 min-w-0 cursor-pointer">
                    <input class="w-4 h-4 accent-accent" type="checkbox" name=format!("{name}[]") value=id checked=checked />
                    <span class="font-mono text-xs break-all">{server.name}</span>
                </label>
            }
        })
        .collect_view();
    let choice = |value: &'static str, label: &'static str, hint: &'static str, on: bool| {
        view! {
            <label class=CHOICE_CLASS>
                <input
                    class="mt-0.5 accent-accent"
                    type="radio"
                    name=failure.name("reach")
                    value=value
                    checked=on
                    data-choice=if value.is_empty() { "all" } else { value }
                />
                <span class="min-w-0">
                    {label}
                    <span class="block text-xs text-ink-muted">{hint}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="flex flex-col gap-2">
            <legend class="font-medium mb-1">{k.servers}</legend>
            {choice("", k.all_servers, k.all_servers_hint, !is_chosen)}
            {choice(CHOSEN, k.chosen_servers, k.chosen_hint, is_chosen)}
            <div class="grid gap-2 md:grid-cols-2 px-3 py-2 border border-line rounded-md" data-panel="chosen">
                {none}
                {boxes}
            </div>
            <p class="text-bad text-xs empty:hidden">
                {move || fault.get().map(|fault| fault.words)}
            </p>
        </fieldset>
    }
}

#[component]
fn Scope(failure: Failure, scope: String) -> impl IntoView {
    let k = Keys::current();
    let choices = KeyScope::ALL
        .into_iter()
        .map(|one| {
            let (label, hint) = k.scope(one);
            view! {
                <label class=CHOICE_CLASS>
                    <input
                        class="mt-0.5 accent-accent"
                        type="radio"
                        name=failure.name("scope")
                        value=one.name()
                        checked=one.name() == scope
                    />
                    <span class="min-w-0">
                        {label}
                        <span class="block text-xs text-ink-muted">{hint}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="flex flex-col gap-2">
            <legend class="font-medium mb-1">{k.scope}</legend>
            {choices}
        </fieldset>
    }
}
