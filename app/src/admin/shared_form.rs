//! One shared server: its form with the test, the servers of projects that are of it, and its end.

use domain::server::{ServerForm, TIMEOUT_SECONDS, Transport};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    frame::administrator,
    shared_api::{DeleteSharedServer, SaveSharedServer, WithdrawSharedServer, get_shared_server},
};
use crate::{
    i18n::{SharedServers, text},
    server::{
        api::ServerDraft,
        form::{definition, limits},
        new::draft_source,
        report::Report,
        trouble::Place,
    },
    ui::{
        BUTTON_CLASS, Boundary, Callout, Card, DANGER_CLASS, Danger, FormError, LINK_CLASS, LinkButton,
        PLAIN_CLASS, PageHead, Submit, TextField, Tone, ViewerSource, failure, failure_or,
    },
};

#[component]
pub fn NewSharedServerPage() -> impl IntoView {
    let words = SharedServers::current();
    let viewer = ViewerSource::current();
    let draft = draft_source();
    view! {
        <Title text=words.new />
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let draft = draft.await?;
            let form = ServerForm {
                transport: Transport::StreamableHttp.name().to_owned(),
                timeout_seconds: TIMEOUT_SECONDS.to_string(),
                ..ServerForm::default()
            };
            Ok(view! {
                <PageHead title=words.new lead=words.lead />
                <SharedFields shared="" form=form draft=draft />
            }
            .into_any())
        } />
    }
}

/// `shared` is the one to change; empty: a new one. `form` is what is stored, whose variables have values.
#[component]
fn SharedFields(#[prop(into)] shared: String, form: ServerForm, draft: Option<ServerDraft>) -> impl IntoView {
    let (t, words) = (text(), SharedServers::current());
    let names = |rows: &[domain::server::VariableForm]| rows.iter().map(|row| row.name.clone()).collect();
    let stored = (names(&form.env), names(&form.headers));
    let (form, tested, told) = match draft {
        Some(draft) => (draft.form, draft.tested, draft.error),
        None => (form, None, None),
    };
    let action = ServerAction::<SaveSharedServer>::new();
    let failure = failure_or(action, told).within("form");
    let save = if shared.is_empty() { words.new } else { t.save };
    let report = move || match action.value().get() {
        Some(Ok(answer)) => answer,
        Some(Err(_)) => None,
        None => tested.clone(),
    };
    view! {
        <ActionForm action=action>
            <div class="flex flex-col gap-4 max-w-[680px]">
                <FormError failure=failure />
                <input type="hidden" name="shared" value=shared />
                <TextField
                    failure=failure
                    name="name"
                    label=t.name
                    value=form.name.clone()
                    hint=t.server_name_hint
                    required=true
                />
                <TextField failure=failure name="description" label=t.description value=form.description.clone() />
                {definition(failure, form.clone(), stored, true)}
                {limits(failure, form, false)}
                <div class="contents" aria-live="polite">
                    {move || report().map(|tested| view! { <Report tested=tested place=Place::SharedForm /> })}
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
                    <LinkButton href="/admin/servers">{t.cancel}</LinkButton>
                </div>
            </div>
        </ActionForm>
    }
}

#[component]
pub fn SharedServerPage() -> impl IntoView {
    let (t, words) = (text(), SharedServers::current());
    let viewer = ViewerSource::current();
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("shared").unwrap_or_default());
    let draft = draft_source();
    let withdraw = ServerAction::<WithdrawSharedServer>::new();
    let withdrawn = failure(withdraw);
    let detail =
        Resource::new(move || (name.get(), withdraw.version().get()), |(name, _)| get_shared_server(name));
    view! {
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let (detail, draft) = (detail.await?, draft.await?);
            let shared = detail.shared;
            let (title, is_withdrawn) = (shared.definition.name.clone(), shared.withdrawn);
            let form = ServerForm::of_input(&shared.definition);
            let used = !detail.servers.is_empty();
            let servers = detail.servers.into_iter().map(|place| {
                let href = place.split_once('/').map(|(project, server)| format!("/projects/{project}/servers/{server}"));
                view! { <li><a class=LINK_CLASS href=href>{place}</a></li> }
            });
            let servers = servers.collect_view();
            let (act, class) = if is_withdrawn {
                (t.with(words.restore, &title), BUTTON_CLASS)
            } else {
                (t.with(words.withdraw, &title), DANGER_CLASS)
            };
            let own = title.clone();
            let end = view! {
                <ActionForm action=withdraw>
                    <input type="hidden" name="shared" value=own />
                    <input type="hidden" name="withdrawn" value=if is_withdrawn { "false" } else { "true" } />
                    <Submit label=act pending=withdrawn.pending class=class />
                </ActionForm>
            };
            Ok(view! {
                <Title text=title.clone() />
                <PageHead title=t.with(words.edit, &title) lead=words.follow />
                <FormError failure=withdrawn apart=true />
                {if is_withdrawn {
                    view! {
                        <div class="mb-6">
                            <Callout tone=Tone::Warn title=words.withdrawn standing=true>
                                <p class="mb-2">{words.restore_lead}</p>
                                {end}
                            </Callout>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <div class="mb-6 flex flex-col gap-2 items-start">
                            {end}
                            <p class="text-ink-muted text-xs">{words.withdraw_lead}</p>
                        </div>
                    }
                    .into_any()
                }}
                <SharedFields shared=title.clone() form=form draft=draft />
                <div class="mt-6">
                    <Card title=words.used>
                        {(!used).then(|| view! { <p class="text-ink-muted">{words.used_none}</p> })}
                        <ul class="flex flex-col gap-1">{servers}</ul>
                    </Card>
                    {if used {
                        view! { <p class="text-ink-muted text-xs">{words.delete_used}</p> }.into_any()
                    } else {
                        view! { <Removal shared=title /> }.into_any()
                    }}
                </div>
            }
            .into_any())
        } />
    }
}

#[component]
fn Removal(shared: String) -> impl IntoView {
    let (t, words) = (text(), SharedServers::current());
    let delete = ServerAction::<DeleteSharedServer>::new();
    let failed = failure(delete);
    let label = t.with(words.delete, &shared);
    view! {
        <Danger label=label.clone() failure=failed>
            <p>{words.delete_lead}</p>
            <ActionForm action=delete>
                <input type="hidden" name="shared" value=shared />
                <Submit label=label pending=failed.pending class=DANGER_CLASS />
            </ActionForm>
            <FormError failure=failed />
        </Danger>
    }
}
