//! The form of a server: one for making and for editing, with the test beside the saving.

use domain::{
    command::ApprovedCommand,
    server::{BUILTINS, Server, ServerForm, Transport, VariableForm},
};
use leptos::prelude::*;

use super::{
    advanced::{Advanced, prefix},
    api::{SaveServer, ServerDraft},
    approved::Filling,
    detect::Notes,
    report::Report,
    shared::Shared,
    trouble::Place,
};
use crate::{
    i18n::text,
    ui::{
        Button, Callout, CheckField, Failure, FormError, LinkButton, PLAIN_CLASS, SelectField, Submit,
        TextArea, TextField, Tone, failure_or,
    },
};

/// `server` is the one to edit; `draft` is the form as it was sent last, where WASM did not keep it.
#[component]
pub fn FormView(
    project: String,
    server: Option<Server>,
    draft: Option<ServerDraft>,
    may_register_command: bool,
    /// The approved command that it is.
    #[prop(optional_no_strip)]
    command: Option<ApprovedCommand>,
) -> impl IntoView {
    let t = text();
    let (drafted, tested, told, notes) = match draft {
        Some(draft) => (Some(draft.form), draft.tested, draft.error, draft.notes),
        None => (None, None, None, None),
    };
    let action = ServerAction::<SaveServer>::new();
    let failure = failure_or(action, told).within("form");
    let fresh = || {
        let transport = if may_register_command { Transport::Stdio } else { Transport::StreamableHttp };
        ServerForm {
            transport: transport.name().to_owned(),
            enabled: Some("on".to_owned()),
            timeout_seconds: domain::server::TIMEOUT_SECONDS.to_string(),
            ..ServerForm::default()
        }
    };
    let form = drafted.or_else(|| server.as_ref().map(ServerForm::of)).unwrap_or_else(fresh);
    let (advanced, of_shared) = (form.clone(), !form.shared.is_empty());
    let (stored_env, stored_headers) =
        server.as_ref().map(|server| (server.env.clone(), server.headers.clone())).unwrap_or_default();
    let name = server.as_ref().map(|server| server.name.clone());
    let back = match &name {
        Some(name) => format!("/projects/{project}/servers/{name}"),
        None => format!("/projects/{project}/servers"),
    };
    let report = move || match action.value().get() {
        Some(Ok(answer)) => answer,
        Some(Err(_)) => None,
        None => tested.clone(),
    };
    #[cfg(feature = "hydrate")]
    Effect::new(|_| request_animation_frame(show_named));
    let save = if name.is_some() { t.save } else { t.create_server };
    let what = match command {
        _ if of_shared => {
            let (shared, transport) = (form.shared.clone(), form.transport.clone());
            view! { <Shared failure=failure shared=shared transport=transport /> }.into_any()
        }
        Some(command) => {
            let form = form.clone();
            view! { <Filling failure=failure command=command form=form stored=stored_env /> }.into_any()
        }
        None => {
            let stored = (stored_env, stored_headers);
            definition(failure, form.clone(), stored, may_register_command)
        }
    };
    let limits = if of_shared {
        prefix(failure, advanced.alias, advanced.unprefixed.is_some())
    } else {
        limits(failure, advanced, true)
    };
    let place = if of_shared { Place::Elsewhere } else { Place::Form };
    view! {
        <ActionForm action=action>
            <div class="flex flex-col gap-4 max-w-[680px]">
                <FormError failure=failure />
                {notes.map(|notes| view! { <Notes notes=notes transport=form.transport.clone() /> })}
                <input type="hidden" name="project" value=project />
                <input type="hidden" name="server" value=name.unwrap_or_default() />
                <TextField failure=failure name="name" label=t.name value=form.name hint=t.server_name_hint required=true />
                <TextField failure=failure name="description" label=t.description value=form.description />
                {what}
                {limits}
                <CheckField
                    failure=failure
                    name="enabled"
                    label=t.enabled
                    hint=t.enabled_hint
                    checked=form.enabled.is_some()
                />
                <div class="contents" aria-live="polite">
                    {move || report().map(|tested| view! { <Report tested=tested place=place.clone() /> })}
                </div>
                <div class="flex gap-2 flex-wrap">
                    <Submit label=save pending=failure.pending name="intent" value="save" />
                    <Submit
                        label=t.test_connection
                        pending=failure.pending
                        class=PLAIN_CLASS
                        name="intent"
                        value="test"
                    />
                    <LinkButton href=back>{t.cancel}</LinkButton>
                </div>
            </div>
        </ActionForm>
    }
}

/// What a server is: its kind, and what is asked of each kind.
pub fn definition(
    failure: Failure,
    form: ServerForm,
    (stored_env, stored_headers): (Vec<String>, Vec<String>),
    may_register_command: bool,
) -> AnyView {
    let t = text();
    let builtins = BUILTINS.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
    view! {
        <TransportChoice failure=failure chosen=form.transport may_register_command=may_register_command />
        <div class="flex flex-col gap-4" data-panel="stdio">
            <TextField
                failure=failure
                name="command"
                label=t.command
                value=form.command
                hint=t.command_hint
                placeholder="npx"
            />
            <TextArea
                failure=failure
                name="args"
                label=t.args
                value=form.args
                hint=t.args_hint
                placeholder="-y\n@modelcontextprotocol/server-everything"
                rows=4
            />
            <TextField
                failure=failure
                name="working_directory"
                label=t.working_directory
                value=form.working_directory
                hint=t.working_directory_hint
            />
            <Variables failure=failure field="env" label=t.env hint=t.env_hint rows=form.env stored=stored_env />
        </div>
        <div class="flex flex-col gap-4" data-panel="sse streamable_http">
            <TextField
                failure=failure
                name="url"
                label=t.url
                value=form.url
                kind="url"
                placeholder="https://example.com/mcp"
            />
            <Variables
                failure=failure
                field="headers"
                label=t.headers
                hint=t.headers_hint
                rows=form.headers
                stored=stored_headers
            />
        </div>
        <div data-panel="builtin">
            <SelectField failure=failure name="builtin" label=t.builtin options=builtins value=form.builtin />
        </div>
    }
    .into_any()
}

/// How long things may take, and how its process is run.
pub fn limits(failure: Failure, form: ServerForm, prefixed: bool) -> AnyView {
    let t = text();
    view! {
        <TextField
            failure=failure
            name="timeout_seconds"
            label=t.timeout
            value=form.timeout_seconds.clone()
            hint=t.timeout_hint
            kind="number"
        />
        <Advanced failure=failure form=form prefixed=prefixed />
    }
    .into_any()
}

/// Opens and focuses the field that the address names: without a new document, no browser does.
#[cfg(feature = "hydrate")]
fn show_named() {
    use wasm_bindgen::JsCast;

    let hash = window().location().hash().unwrap_or_default();
    let Some(named) = hash.strip_prefix('#').and_then(|id| document().get_element_by_id(id)) else { return };
    if let Ok(Some(folded)) = named.closest("details") {
        let _ = folded.set_attribute("open", "");
    }
    named.scroll_into_view();
    let control = named.query_selector("input").ok().flatten().unwrap_or(named);
    if let Some(control) = control.dyn_ref::<web_sys::HtmlElement>() {
        let _ = control.focus();
    }
}

/// The kind of server. Which of the panels below counts follows by style alone (`data-choice`,
/// `data-panel`), so it works before and without WASM.
#[component]
fn TransportChoice(failure: Failure, chosen: String, may_register_command: bool) -> impl IntoView {
    let t = text();
    let options = Transport::ALL
        .into_iter()
        .map(|transport| {
            let name = transport.name();
            view! {
                <label class="flex items-center gap-2 px-3 py-1.5 border border-line rounded-md cursor-pointer">
                    <input
                        class="accent-accent"
                        type="radio"
                        name=failure.name("transport")
                        value=name
                        checked=name == chosen
                        data-choice=name
                    />
                    {t.transport(transport)}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="flex flex-col gap-1" id=failure.id("transport")>
            <legend class="font-medium mb-1">{t.kind}</legend>
            <div class="flex gap-2 flex-wrap">{options}</div>
        </fieldset>
        {(!may_register_command)
            .then(|| view! { <div data-panel="stdio"><Callout tone=Tone::Info title=t.command_admins_only /></div> })}
    }
}

/// Rows of names and secret values. A stored value is never sent back: an empty field keeps it.
#[component]
fn Variables(
    failure: Failure,
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    rows: Vec<VariableForm>,
    stored: Vec<String>,
) -> impl IntoView {
    const CONTROL_CLASS: &str = "w-full min-w-0 h-8 px-2 rounded-md border border-line-strong bg-surface-raised text-ink font-mono text-xs placeholder:text-ink-faint";
    let t = text();
    let count = RwSignal::new(rows.len() + 2);
    let hydrated = RwSignal::new(false);
    Effect::new(move |_| hydrated.set(true));
    let row = move |i: usize| {
        let row = rows.get(i).cloned().unwrap_or_default();
        let kept = stored.contains(&row.name);
        let (name, value) = (format!("{field}[{i}].name"), format!("{field}[{i}].value"));
        let fault = {
            let (name, value) = (failure.of(&name), failure.of(&value));
            Memo::new(move |_| name.get().or_else(|| value.get()))
        };
        view! {
            <div class="flex flex-col gap-1">
                <div class="grid grid-cols-2 gap-2">
                    <input
                        class=CONTROL_CLASS
                        name=failure.name(&name)
                        value=row.name
                        placeholder=t.name
                        aria-label=format!("{label} {}: {}", i + 1, t.name)
                        autocomplete="off"
                        spellcheck="false"
                    />
                    <input
                        class=CONTROL_CLASS
                        type="password"
                        name=failure.name(&value)
                        value=row.value.expose_secret().to_owned()
                        placeholder=if kept { t.value_stored } else { t.value }
                        aria-label=format!("{label} {}: {}", i + 1, t.value)
                        autocomplete="new-password"
                    />
                </div>
                {move || fault.get().map(|fault| view! { <p class="text-bad text-xs">{fault.words}</p> })}
            </div>
        }
    };
    view! {
        <fieldset class="flex flex-col gap-2" id=failure.id(field)>
            <legend class="font-medium">{label}</legend>
            <p class="text-ink-muted text-xs">{hint}</p>
            {move || (0..count.get()).map(&row).collect_view()}
            <div hidden=move || !hydrated.get()>
                <Button on_press=move || count.update(|n| *n += 1)>{t.add_row}</Button>
            </div>
        </fieldset>
    }
}
