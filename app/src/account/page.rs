//! One's own account.

use domain::{Timestamp, account::PasswordState};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{
        ChangePassword, CreateToken, EndSession, RevokeToken, SetFirstPassword, SignOutEverywhere,
        get_account, take_created_token,
    },
    browser,
    password::{ChangeForm, FirstForm},
};
use crate::{
    i18n::text,
    key::page::{Secret, lifetimes},
    ui::{
        Ago, Appearance, Badge, Boundary, CELL_CLASS, Card, DANGER_CLASS, Danger, Facts, FormError,
        PLAIN_CLASS, PageHead, ROW_CLASS, SelectField, Submit, Table, TextField, emptied, failure,
    },
};

#[component]
pub fn AccountPage() -> impl IntoView {
    let t = text();
    let query = use_query_map();
    let end = ServerAction::<EndSession>::new();
    let (create, revoke) = (ServerAction::<CreateToken>::new(), ServerAction::<RevokeToken>::new());
    let (ended, created, revoked) = (failure(end), failure(create), failure(revoke));
    let form = emptied(create);
    let (change, first) = (ServerAction::<ChangePassword>::new(), ServerAction::<SetFirstPassword>::new());
    let account = Resource::new(
        move || {
            let versions = (end.version().get(), create.version().get(), revoke.version().get());
            (versions, first.version().get())
        },
        |_| get_account(),
    );
    let told = Resource::new(
        move || query.read().get("created"),
        |token| async move {
            match token {
                Some(token) => take_created_token(token).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Title text=t.account />
        <PageHead title=t.account />
        <Boundary load=move || async move {
            let user = account.await?.user;
            let mut facts = vec![
                (t.name, view! { <span>{user.name}</span> }.into_any()),
                (t.email, view! { <span>{user.email}</span> }.into_any()),
            ];
            if user.platform_admin {
                facts.push((t.role_label, view! { <Badge label=t.platform_admin /> }.into_any()));
            }
            Ok(view! { <Card title=t.profile><Facts facts=facts /></Card> }.into_any())
        } />
        <Card title=t.appearance>
            <Appearance />
        </Card>
        <Boundary load=move || async move {
            let state = account.await?.password;
            Ok(match state {
                PasswordState::Set => view! { <ChangeForm action=change /> }.into_any(),
                PasswordState::Unset | PasswordState::Stale => {
                    view! { <FirstForm action=first stale=state == PasswordState::Stale /> }.into_any()
                }
            })
        } />
        <Card title=t.tokens lead=t.tokens_lead>
            <Boundary load=move || async move {
                let told = told.await?;
                Ok(view! {
                    <div class="contents" aria-live="polite">
                        {move || {
                            let fresh = create.value().with(|value| value.as_ref().and_then(|v| v.as_ref().ok().cloned().flatten()));
                            fresh.or_else(|| told.clone()).map(|fresh| {
                                view! { <Secret name=fresh.token.name secret=fresh.secret.expose_secret().to_owned() /> }
                            })
                        }}
                    </div>
                }
                .into_any())
            } />
            <FormError failure=created />
            <ActionForm action=create node_ref=form>
                <div class="grid gap-3 md:grid-cols-[1fr_200px_auto] items-start">
                    <TextField failure=created name="name" label=t.name required=true />
                    <SelectField failure=created name="expires_in_days" label=t.expires options=lifetimes() value="90" />
                    <div class="md:pt-6">
                        <Submit label=t.create_token pending=created.pending />
                    </div>
                </div>
            </ActionForm>
            <FormError failure=revoked />
            <Boundary load=move || async move {
                let account = account.await?;
                let now = account.now;
                if account.tokens.is_empty() {
                    return Ok(view! { <p class="text-ink-muted">{t.tokens_empty}</p> }.into_any());
                }
                let rows = account
                    .tokens
                    .into_iter()
                    .map(|token| {
                        let name = token.name.clone();
                        view! {
                            <tr class=ROW_CLASS>
                                <td class=CELL_CLASS>
                                    <span class="font-medium">{token.name}</span>
                                    " " <code>{format!("{}…", token.prefix)}</code>
                                </td>
                                <td class=CELL_CLASS data-label=t.last_used>{moment(token.last_used_at, now)}</td>
                                <td class=CELL_CLASS data-label=t.expires>{moment(token.expires_at, now)}</td>
                                <td class=CELL_CLASS>
                                    <Danger label=t.revoke>
                                        <ActionForm action=revoke>
                                            <input type="hidden" name="id" value=token.id.to_string() />
                                            <Submit label=t.with(t.revoke_named, &name) pending=revoked.pending class=DANGER_CLASS />
                                        </ActionForm>
                                    </Danger>
                                </td>
                            </tr>
                        }
                    })
                    .collect_view();
                Ok(view! {
                    <Table label=t.tokens columns=vec![t.name, t.last_used, t.expires, t.actions]>
                        {rows}
                    </Table>
                }
                .into_any())
            } />
        </Card>
        <Card title=t.sessions lead=t.sessions_lead>
            <FormError failure=ended />
            <Boundary load=move || async move {
                let account = account.await?;
                let now = account.now;
                let rows = account
                    .sessions
                    .into_iter()
                    .map(|session| {
                        let end_it = (!session.current)
                            .then(|| {
                                view! {
                                    <ActionForm action=end>
                                        <input type="hidden" name="id" value=session.id.to_string() />
                                        <Submit label=t.end_session pending=ended.pending class=PLAIN_CLASS />
                                    </ActionForm>
                                }
                            });
                        let agent = session.user_agent.unwrap_or_default();
                        let name = browser::shown(&agent);
                        view! {
                            <tr class=ROW_CLASS>
                                <td class=CELL_CLASS>
                                    <span class="break-words" title=agent>
                                        {name}
                                    </span>
                                    " " {session.current.then(|| view! { <Badge label=t.this_browser /> })}
                                </td>
                                <td class=CELL_CLASS>{session.ip}</td>
                                <td class=CELL_CLASS data-label=t.last_used>
                                    <Ago at=session.last_seen_at now=now />
                                </td>
                                <td class=CELL_CLASS>{end_it}</td>
                            </tr>
                        }
                    })
                    .collect_view();
                Ok(view! {
                    <Table label=t.sessions columns=vec![t.browser, t.address, t.last_used, t.actions]>
                        {rows}
                    </Table>
                }
                .into_any())
            } />
            <Everywhere />
        </Card>
    }
}

fn moment(at: Option<Timestamp>, now: Timestamp) -> AnyView {
    match at {
        Some(at) => view! { <Ago at=at now=now /> }.into_any(),
        None => view! { <span class="text-ink-muted">{text().never}</span> }.into_any(),
    }
}

#[component]
fn Everywhere() -> impl IntoView {
    let t = text();
    let action = ServerAction::<SignOutEverywhere>::new();
    let failed = failure(action);
    view! {
        <FormError failure=failed />
        <ActionForm action=action>
            <Submit label=t.sign_out_everywhere pending=failed.pending class=DANGER_CLASS />
        </ActionForm>
    }
}
