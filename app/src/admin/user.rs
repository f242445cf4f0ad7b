//! Everybody with an account: find, add, disable, make an administrator.

use domain::{
    Timestamp,
    platform::{UserEntry, UserFilter, UserState},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{CreateUser, MadeLink, MakeSignInLink, SetUserAdmin, SetUserDisabled, list_users, take_made_link},
    frame::administrator,
};
use crate::{
    i18n::{Admin, text},
    ui::{
        Ago, Badge, Boundary, CELL_CLASS, Callout, Card, CopyField, DANGER_CLASS, EmptyState, FilterBar,
        FilterChoice, FilterText, FormError, LINK_CLASS, LinkButton, PLAIN_CLASS, PageHead, ROW_CLASS,
        SHORT_CLASS, Submit, Table, TextField, Tone, ViewerSource, emptied, encode, failure,
    },
};

#[derive(Clone, Copy)]
struct Actions {
    link: ServerAction<MakeSignInLink>,
    disable: ServerAction<SetUserDisabled>,
    admin: ServerAction<SetUserAdmin>,
}

#[component]
pub fn UsersPage() -> impl IntoView {
    let (t, words) = (text(), Admin::current());
    let viewer = ViewerSource::current();
    let query = use_query_map();
    let get = move |name: &str| query.read().get(name).filter(|value| !value.is_empty());
    let filter = Memo::new(move |_| UserFilter {
        q: get("q"),
        state: get("state").and_then(|name| name.parse().ok()),
        after: get("after"),
    });
    let create = ServerAction::<CreateUser>::new();
    let actions =
        Actions { link: ServerAction::new(), disable: ServerAction::new(), admin: ServerAction::new() };
    let (created, linked) = (failure(create), failure(actions.link));
    let (disabled, changed) = (failure(actions.disable), failure(actions.admin));
    let form = emptied(create);
    let users = Resource::new(
        move || {
            let versions =
                (create.version().get(), actions.disable.version().get(), actions.admin.version().get());
            (filter.get(), versions)
        },
        |(filter, _)| list_users(filter),
    );
    let told = Resource::new(
        move || get("made"),
        |token| async move {
            match token {
                Some(token) => take_made_link(token).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let told = told.await?;
            let made = move || {
                let done = |value: Option<Result<Option<MadeLink>, _>>| value?.ok()?;
                done(actions.link.value().get()).or_else(|| done(create.value().get())).or_else(|| told.clone())
            };
            Ok(view! {
                <Title text=words.users />
                <PageHead title=words.users lead=words.users_lead />
                <div class="contents" aria-live="polite">
                    {move || made().map(|made| view! {
                        <div class="mb-6">
                            <Callout tone=Tone::Warn title=t.with(words.link_title, &made.email)>
                                <p class="mb-2">{words.link_once}</p>
                                <CopyField label=words.link value=made.link />
                            </Callout>
                        </div>
                    })}
                </div>
                <FormError failure=linked apart=true />
                <FormError failure=disabled apart=true />
                <FormError failure=changed apart=true />
            }
            .into_any())
        } />
        <Boundary load=move || {
            let filter = filter.get();
            async move {
                let Ok(viewer) = administrator(viewer).await else { return Ok(().into_any()) };
                let (page, now) = users.await?;
                let narrowed = filter.q.is_some() || filter.state.is_some();
                let states = UserState::ALL
                    .iter()
                    .map(|state| (state.name().to_owned(), words.user_state(*state).to_owned()))
                    .collect();
                let (q, state) = (filter.q.clone().unwrap_or_default(), filter.state.map(UserState::name).unwrap_or_default());
                let address = |after: String| {
                    format!("/admin?q={}&state={}&after={}", encode(&q), state, encode(&after))
                };
                let next = page.next.map(address);
                let first = filter.after.map(|_| address(String::new()));
                let empty = page.items.is_empty();
                let rows = page
                    .items
                    .into_iter()
                    .map(|entry| {
                        let own = entry.user.id == viewer.subject.user;
                        row(entry, now, own, actions)
                    })
                    .collect_view();
                let body = if empty {
                    view! {
                        <EmptyState title=words.no_user body=words.no_user_body>
                            <LinkButton href="/admin">{t.clear_filter}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    let columns = vec![t.name, t.organizations, words.last_seen, t.created, t.actions];
                    view! { <Table label=words.users columns=columns>{rows}</Table> }.into_any()
                };
                Ok(view! {
                    <FilterBar action="/admin" clear=narrowed.then(|| "/admin".to_owned())>
                        <FilterText name="q" label=words.find_user value=q />
                        <FilterChoice name="state" label=words.state value=state options=states />
                    </FilterBar>
                    {body}
                    <div class="mt-3 mb-6 flex gap-2">
                        {first.map(|href| view! { <LinkButton href=href>{words.first_page}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{words.next_page}</LinkButton> })}
                    </div>
                    <Card title=words.new_user lead=words.new_user_lead>
                        <FormError failure=created />
                        <ActionForm action=create node_ref=form>
                            <div class="grid gap-3 md:grid-cols-[1fr_1fr_auto] items-start">
                                <TextField failure=created name="name" label=t.name required=true />
                                <TextField failure=created name="email" label=t.email kind="email" required=true />
                                <div class="md:pt-6">
                                    <Submit label=words.create_user pending=created.pending />
                                </div>
                            </div>
                        </ActionForm>
                    </Card>
                }
                .into_any())
            }
        } />
    }
}

/// `own` is the reader, who cannot lock themselves out by a slip.
fn row(entry: UserEntry, now: Timestamp, own: bool, actions: Actions) -> AnyView {
    let (t, words) = (text(), Admin::current());
    let user = entry.user;
    let seen = match entry.last_seen_at {
        Some(at) => view! { <Ago at=at now=now /> }.into_any(),
        None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
    };
    let organizations = entry
        .organizations
        .into_iter()
        .map(|slug| {
            let href = format!("/orgs/{slug}");
            view! { <a class=LINK_CLASS href=href>{slug}</a> " " }
        })
        .collect_view();
    let (admin, disabled) = (user.platform_admin, user.disabled);
    let manage = manage(user.id.to_string(), &user.name, (admin, disabled), own, actions);
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <span class="font-medium">{user.name}</span>
                " " {admin.then(|| view! { <Badge label=words.badge_admin /> })}
                " " {disabled.then(|| view! { <Badge label=words.badge_disabled /> })}
                <p class="text-ink-muted text-xs">{user.email}</p>
            </td>
            <td class=CELL_CLASS>{organizations}</td>
            <td class=SHORT_CLASS data-label=words.last_seen>{seen}</td>
            <td class=SHORT_CLASS data-label=t.created><span class="text-ink-muted"><Ago at=user.created_at now=now /></span></td>
            <td class=CELL_CLASS>{manage}</td>
        </tr>
    }
    .into_any()
}

fn manage(user: String, name: &str, (admin, disabled): (bool, bool), own: bool, actions: Actions) -> AnyView {
    let (t, words) = (text(), Admin::current());
    let id = StoredValue::new(user);
    let hidden = move || view! { <input type="hidden" name="user" value=id.get_value() /> };
    let (disable, enable) = (t.with(words.disable, name), t.with(words.enable, name));
    let (make, unmake) = (t.with(words.make_admin, name), t.with(words.unmake_admin, name));
    let pending = (
        Signal::from(actions.link.pending()),
        Signal::from(actions.disable.pending()),
        Signal::from(actions.admin.pending()),
    );
    let flip = |value: bool| if value { "false" } else { "true" };
    view! {
        <details>
            <summary class=PLAIN_CLASS>{words.manage}</summary>
            <div class="mt-2 flex flex-col items-start gap-3 max-w-[360px]">
                {(!disabled).then(|| view! {
                    <ActionForm action=actions.link>
                        {hidden()}
                        <Submit label=words.sign_in_link pending=pending.0 class=PLAIN_CLASS />
                    </ActionForm>
                })}
                {(!own || !admin).then(|| view! {
                    <ActionForm action=actions.admin>
                        {hidden()}
                        <input type="hidden" name="admin" value=flip(admin) />
                        {(!admin).then(|| view! { <p class="mb-1 text-xs text-ink-muted">{words.make_admin_lead}</p> })}
                        <Submit label=if admin { unmake } else { make } pending=pending.2 class=DANGER_CLASS />
                    </ActionForm>
                })}
                {(!own).then(|| view! {
                    <ActionForm action=actions.disable>
                        {hidden()}
                        <input type="hidden" name="disabled" value=flip(disabled) />
                        {(!disabled).then(|| view! { <p class="mb-1 text-xs text-ink-muted">{words.disable_lead}</p> })}
                        <Submit
                            label=if disabled { enable } else { disable }
                            pending=pending.1
                            class=if disabled { PLAIN_CLASS } else { DANGER_CLASS }
                        />
                    </ActionForm>
                })}
                {(own && admin).then(|| view! {
                    <form method="post" action=SetUserAdmin::url()>
                        {hidden()}
                        <input type="hidden" name="admin" value="false" />
                        <button class=DANGER_CLASS type="submit">{words.give_up}</button>
                    </form>
                })}
            </div>
        </details>
    }
    .into_any()
}
