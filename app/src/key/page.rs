//! The keys of a project: which are there, what they allow, which are used.

use domain::{Action, key::KeyState};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{RevokeKey, list_keys, take_created_key},
    row::row,
};
use crate::{
    i18n::{Keys, text},
    project::ProjectSource,
    ui::{
        BUTTON_CLASS, Boundary, Callout, CopyField, EmptyState, FilterBar, FilterChoice, FilterText,
        FormError, LinkButton, PageHead, Table, Tone, ViewerSource, failure,
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
    let (t, k) = (text(), Keys::current());
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let said = move |name: &'static str| Memo::new(move |_| query.read().get(name).unwrap_or_default());
    let (search, state) = (said("q"), said("state"));
    let revoke = ServerAction::<RevokeKey>::new();
    let revoked = failure(revoke);
    let keys = Resource::new(
        move || (project.name.get(), search.get(), state.get(), revoke.version().get()),
        |(project, search, state, _)| list_keys(project, search, state),
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
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let may = viewer.may(Action::ManageKeys, &page.project.resource());
            let add = format!("/projects/{}/keys/new", page.project.path());
            Ok(view! {
                <PageHead title=t.keys lead=t.keys_lead>
                    {may.then(|| view! { <LinkButton class=BUTTON_CLASS href=add>{t.new_key}</LinkButton> })}
                </PageHead>
            }
            .into_any())
        } />
        <Boundary load=move || async move {
            let fresh = told.await?;
            Ok(fresh
                .map(|fresh| view! { <Secret name=fresh.key.name secret=fresh.secret.expose_secret().to_owned() /> })
                .into_any())
        } />
        <FormError failure=revoked apart=true />
        <Boundary load=move || {
            let (search, state) = (search.get(), state.get());
            async move {
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let list = keys.await?;
                let may = viewer.may(Action::ManageKeys, &page.project.resource());
                let path = page.project.path();
                if list.total == 0 {
                    let add = may.then(|| view! {
                        <LinkButton class=BUTTON_CLASS href=format!("/projects/{path}/keys/new")>{t.create_key}</LinkButton>
                    });
                    return Ok(view! { <EmptyState title=t.keys_empty body=t.keys_empty_body>{add}</EmptyState> }.into_any());
                }
                let here = format!("/projects/{path}/keys");
                let clear = (!search.is_empty() || !state.is_empty()).then(|| here.clone());
                let states = KeyState::ALL.map(|state| (state.name().to_owned(), k.state(state).to_owned())).to_vec();
                let body = if list.keys.is_empty() {
                    view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
                } else {
                    let now = list.now;
                    let rows = list.keys.into_iter().map(|key| row(key, &path, now, may, revoke, revoked)).collect_view();
                    view! {
                        <Table label=t.keys columns=vec![t.name, k.allows, t.created, t.last_used, t.expires, t.actions]>
                            {rows}
                        </Table>
                    }
                    .into_any()
                };
                Ok(view! {
                    <FilterBar action=here clear=clear>
                        <FilterText name="q" label=k.find value=search />
                        <FilterChoice name="state" label=k.state value=state options=states />
                    </FilterBar>
                    {body}
                }
                .into_any())
            }
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
