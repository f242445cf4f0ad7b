//! The keys of a project: make one, see which are used, revoke.

use domain::{Action, Timestamp, key::ApiKey};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{CreateKey, RevokeKey, list_keys, take_created_key};
use crate::{
    i18n::text,
    project::ProjectSource,
    ui::{
        Ago, Badge, Boundary, CELL_CLASS, Callout, Card, CopyField, DANGER_CLASS, Danger, EmptyState,
        Failure, FormError, PageHead, ROW_CLASS, SelectField, Submit, Table, TextField, Tone, ViewerSource,
        emptied, failure,
    },
};

/// How long a secret lives: the choices of keys and tokens.
pub(crate) fn lifetimes() -> Vec<(String, String)> {
    let t = text();
    let days = [("30", t.days_30), ("90", t.days_90), ("365", t.days_365), ("", t.never)];
    days.map(|(value, label)| (value.to_owned(), label.to_owned())).to_vec()
}

#[component]
pub fn KeysPage() -> impl IntoView {
    let t = text();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let (create, revoke) = (ServerAction::<CreateKey>::new(), ServerAction::<RevokeKey>::new());
    let (created, revoked) = (failure(create), failure(revoke));
    let form = emptied(create);
    let keys = Resource::new(
        move || (project.name.get(), create.version().get(), revoke.version().get()),
        |(project, ..)| list_keys(project),
    );
    let told = Resource::new(
        move || query.read().get("created"),
        |token| async move {
            match token {
                Some(token) => take_created_key(token).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Title text=t.keys />
        <PageHead title=t.keys lead=t.keys_lead />
        <Boundary load=move || async move {
            let told = told.await?;
            Ok(view! {
                <div class="contents" aria-live="polite">
                    {move || {
                        let fresh = create.value().with(|value| value.as_ref().and_then(|v| v.as_ref().ok().cloned().flatten()));
                        fresh.or_else(|| told.clone()).map(|fresh| {
                            view! { <Secret name=fresh.key.name secret=fresh.secret.expose_secret().to_owned() /> }
                        })
                    }}
                </div>
            }
            .into_any())
        } />
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let may = viewer.may(Action::ManageKeys, &page.project.resource());
            Ok(may.then(|| view! {
                <Card title=t.new_key>
                    <FormError failure=created />
                    <ActionForm action=create node_ref=form>
                        <input type="hidden" name="project" value=page.project.path() />
                        <div class="grid gap-3 md:grid-cols-[1fr_200px_auto] items-start">
                            <TextField failure=created name="name" label=t.name hint=t.key_name_hint required=true />
                            <SelectField
                                failure=created
                                name="expires_in_days"
                                label=t.expires
                                options=lifetimes()
                                value="90"
                            />
                            <div class="md:pt-6">
                                <Submit label=t.create_key pending=created.pending />
                            </div>
                        </div>
                    </ActionForm>
                </Card>
            })
            .into_any())
        } />
        <FormError failure=revoked apart=true />
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let (keys, now) = keys.await?;
            let may = viewer.may(Action::ManageKeys, &page.project.resource());
            if keys.is_empty() {
                return Ok(view! { <EmptyState title=t.keys_empty body=t.keys_empty_body /> }.into_any());
            }
            let path = page.project.path();
            let rows = keys
                .into_iter()
                .map(|key| view! { <Row key=key project=path.clone() now=now may=may action=revoke failure=revoked /> })
                .collect_view();
            Ok(view! {
                <Table label=t.keys columns=vec![t.name, t.key, t.created, t.last_used, t.expires, t.actions]>
                    {rows}
                </Table>
            }
            .into_any())
        } />
    }
}

/// A fresh secret, which is shown this once.
#[component]
pub fn Secret(#[prop(into)] name: String, #[prop(into)] secret: String) -> impl IntoView {
    let t = text();
    view! {
        <div class="mb-6">
            <Callout tone=Tone::Warn title=t.with(t.secret_title, &name)>
                <p class="mb-2">{t.secret_once}</p>
                <CopyField label=t.secret value=secret />
            </Callout>
        </div>
    }
}

#[component]
fn Row(
    key: ApiKey,
    project: String,
    now: Timestamp,
    may: bool,
    action: ServerAction<RevokeKey>,
    failure: Failure,
) -> impl IntoView {
    let t = text();
    let by = key.created_by.clone().map(|name| view! { <span class="text-ink-muted">" · " {name}</span> });
    let used = match key.last_used_at {
        Some(at) => view! { <Ago at=at now=now /> }.into_any(),
        None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
    };
    let expires = match key.expires_at {
        Some(at) if at <= now => view! { <Badge label=t.expired /> }.into_any(),
        Some(at) => view! { <Ago at=at now=now /> }.into_any(),
        None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
    };
    let name = key.name.clone();
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <span class="font-medium">{key.name}</span>
            </td>
            <td class=CELL_CLASS>
                <code>{format!("{}…", key.prefix)}</code>
            </td>
            <td class=CELL_CLASS data-label=t.created>
                <Ago at=key.created_at now=now />
                {by}
            </td>
            <td class=CELL_CLASS data-label=t.last_used>{used}</td>
            <td class=CELL_CLASS data-label=t.expires>{expires}</td>
            <td class=CELL_CLASS>
                {may
                    .then(|| {
                        view! {
                            <Danger label=t.revoke>
                                <p>{t.with(t.revoke_lead, &name)}</p>
                                <ActionForm action=action>
                                    <input type="hidden" name="project" value=project />
                                    <input type="hidden" name="id" value=key.id.to_string() />
                                    <Submit label=t.with(t.revoke_named, &name) pending=failure.pending class=DANGER_CLASS />
                                </ActionForm>
                            </Danger>
                        }
                    })}
            </td>
        </tr>
    }
}
