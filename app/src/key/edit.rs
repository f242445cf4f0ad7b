//! A new key, and the page of one that exists: its form, its successor, its end.

use domain::key::KeyForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    api::{KeyDraft, RevokeKey, RotateKey, SaveKey, get_key, read_key_draft},
    form::FormView,
    page::Secret,
    row::RevokeForm,
};
use crate::{
    error::AppError,
    i18n::{Keys, text},
    project::ProjectSource,
    server::api::list_servers,
    ui::{
        Boundary, Card, Failure, FormError, LinkButton, PageHead, SelectField, Submit, failure, failure_or,
    },
};

/// What was sent last, if WASM did not keep it.
fn draft_source() -> Resource<Result<Option<KeyDraft>, AppError>> {
    let query = use_query_map();
    Resource::new(
        move || query.read().get("draft"),
        |token| async move {
            match token {
                Some(token) => read_key_draft(token).await,
                None => Ok(None),
            }
        },
    )
}

#[component]
pub fn NewPage() -> impl IntoView {
    let (t, k) = (text(), Keys::current());
    let project = ProjectSource::current();
    let servers = Resource::new(move || project.name.get(), list_servers);
    let draft = draft_source();
    view! {
        <Title text=t.new_key />
        <PageHead title=t.new_key lead=t.keys_empty_body />
        <Boundary load=move || async move {
            let (page, draft) = (project.page.await?, draft.await?);
            let (servers, _) = servers.await?;
            let path = page.project.path();
            let action = ServerAction::<SaveKey>::new();
            let (form, told) = draft.map_or((KeyForm::fresh(), None), |draft| (draft.form, Some(draft.error)));
            let failed = failure_or(action, told).within("form");
            let made = made(action);
            let (keys, connect) = (format!("/projects/{path}/keys"), format!("/projects/{path}/connect"));
            Ok(view! {
                <div class="contents" aria-live="polite">
                    {move || made.get().map(|(name, secret)| {
                        view! {
                            <Secret name=name.clone() secret=secret />
                            <div class="flex gap-2 flex-wrap">
                                <LinkButton href=keys.clone()>{k.back}</LinkButton>
                                <LinkButton href=format!("{connect}?key={}", crate::ui::encode(&name))>{k.connect}</LinkButton>
                            </div>
                        }
                    })}
                </div>
                <div hidden=move || made.with(Option::is_some)>
                    <FormView project=path form=form servers=servers action=action failure=failed />
                </div>
            }
            .into_any())
        } />
    }
}

/// Name and secret of the key that an action made in this page.
fn made(action: ServerAction<SaveKey>) -> Memo<Option<(String, String)>> {
    Memo::new(move |_| {
        action.value().with(|value| {
            let made = value.as_ref()?.as_ref().ok()?.as_ref()?;
            Some((made.key.name.clone(), made.secret.expose_secret().to_owned()))
        })
    })
}

#[component]
pub fn EditPage() -> impl IntoView {
    let (t, k) = (text(), Keys::current());
    let project = ProjectSource::current();
    let params = use_params_map();
    let (rotate, revoke) = (ServerAction::<RotateKey>::new(), ServerAction::<RevokeKey>::new());
    let (rotated, revoked) = (failure(rotate), failure(revoke));
    let key = Resource::new(
        move || (project.name.get(), params.read().get("key").unwrap_or_default(), rotate.version().get()),
        |(project, key, _)| get_key(project, key),
    );
    let servers = Resource::new(move || project.name.get(), list_servers);
    let draft = draft_source();
    view! {
        <Title text=k.edit />
        <div class="contents" aria-live="polite">
            {move || {
                let made = rotate.value().with(|value| value.as_ref().and_then(|v| v.as_ref().ok().cloned().flatten()));
                made.map(|made| view! { <Secret name=made.key.name secret=made.secret.expose_secret().to_owned() /> })
            }}
        </div>
        <Boundary load=move || async move {
            let (page, draft) = (project.page.await?, draft.await?);
            let ((key, now), (servers, _)) = (key.await?, servers.await?);
            let path = page.project.path();
            let action = ServerAction::<SaveKey>::new();
            let (form, told) = draft.map_or_else(|| (KeyForm::of(&key), None), |draft| (draft.form, Some(draft.error)));
            let failed = failure_or(action, told).within("form");
            let kept = key.expires_at.map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string());
            let (id, name) = (key.id.to_string(), key.name.clone());
            let list = format!("/projects/{path}/keys");
            Ok(view! {
                <PageHead title=format!("{}: {name}", t.key) lead=format!("{}…", key.prefix)>
                    <LinkButton href=list>{k.back}</LinkButton>
                </PageHead>
                <div class="mb-6">
                    <FormView project=path.clone() key=Some(id.clone()) form=form kept=kept servers=servers action=action failure=failed />
                </div>
                <Replace project=path.clone() id=id action=rotate failure=rotated />
                <Card title=k.revoke_title>
                    <FormError failure=revoked />
                    <RevokeForm key=key project=path now=now action=revoke failure=revoked />
                </Card>
            }
            .into_any())
        } />
    }
}

/// Makes a successor.
#[component]
fn Replace(project: String, id: String, action: ServerAction<RotateKey>, failure: Failure) -> impl IntoView {
    let k = Keys::current();
    let overlaps = [("24", k.overlap_24), ("168", k.overlap_168), ("1", k.overlap_1), ("0", k.overlap_0)];
    let overlaps = overlaps.map(|(value, label)| (value.to_owned(), label.to_owned())).to_vec();
    view! {
        <Card title=k.replace lead=k.replace_lead>
            <FormError failure=failure />
            <ActionForm action=action>
                <input type="hidden" name="project" value=project />
                <input type="hidden" name="id" value=id />
                <div class="flex gap-3 flex-wrap items-end">
                    <SelectField failure=failure name="overlap_hours" label=k.overlap options=overlaps value="24" />
                    <Submit label=k.replace_now pending=failure.pending />
                </div>
            </ActionForm>
        </Card>
    }
}
